import { Anchor, Code, Modal, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { identity } from '../../api/clients';
import { PAGE } from '../../api/lists';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { VirtualTable } from '../../components/VirtualTable';
import type { AuditEvent } from '../../gen/rootstock/registry/v1/identity_pb';
import { id, time } from '../../lib/format';
import { useUrlState } from '../../lib/url';

/** The registry's audit log, newest first. */
export default function Audit() {
  const [filter, setFilter] = useUrlState('filter', '');
  const [shown, setShown] = useState<AuditEvent | undefined>();
  const search = useDebouncedCallback(setFilter, 300);
  const list = useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: '',
    queryFn: ({ pageParam }) => identity.listAuditEvents({ pageSize: PAGE, pageToken: pageParam, filter }),
    getNextPageParam: (page) => page.nextPageToken || undefined,
  });
  return (
    <Page title="Audit">
      <TextInput
        aria-label="Filter"
        placeholder="Filter, such as principal = users/alice"
        defaultValue={filter}
        w={340}
        maxLength={2000}
        onChange={(event) => search(event.currentTarget.value)}
      />
      <Failure failure={list.error} retry={() => void list.refetch()} />
      <VirtualTable
        label="Audit events"
        rows={list.data?.pages.flatMap((page) => page.events) ?? []}
        rowKey={(event) => String(event.sequence)}
        more={list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined}
        empty={list.isPending ? 'Loading …' : 'No events.'}
        columns={[
          { header: 'Time', width: 170, cell: (event) => time(event.time) },
          { header: 'Caller', width: 170, cell: (event) => event.principal },
          {
            header: 'Method',
            width: 180,
            cell: (event) => (
              <Anchor component="button" size="sm" onClick={() => setShown(event)}>
                {id(event.method)}
              </Anchor>
            ),
          },
          { header: 'Resources', width: 320, cell: (event) => event.resources.join(', ') },
          { header: 'Status', width: 160, cell: (event) => event.status || 'not ended' },
          { header: 'Reason', width: 240, cell: (event) => event.reason },
        ]}
      />
      <Modal opened={shown !== undefined} onClose={() => setShown(undefined)} size="xl" title={shown?.method}>
        {shown && (
          <>
            <Facts
              facts={[
                ['Caller', shown.principal],
                ['Address', shown.peer],
                ['Time', time(shown.time)],
                ['Status', shown.status],
                ['Reason', shown.reason],
              ]}
            />
            {[
              ['Request', shown.request],
              ['Before', shown.before],
              ['After', shown.after],
            ].map(
              ([label, json]) =>
                json !== '' && (
                  <section key={label}>
                    <h3>{label}</h3>
                    <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                      {json}
                    </Code>
                  </section>
                ),
            )}
          </>
        )}
      </Modal>
    </Page>
  );
}
