import { Anchor, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { models } from '../../api/clients';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { VirtualTable } from '../../components/VirtualTable';
import { id, time } from '../../lib/format';
import { useUrlState } from '../../lib/url';

const PAGE = 200;

export default function ModelList() {
  const [filter, setFilter] = useUrlState('filter', '');
  const search = useDebouncedCallback(setFilter, 300);
  const list = useInfiniteQuery({
    queryKey: ['models', filter],
    initialPageParam: '',
    queryFn: ({ pageParam }) => models.listModels({ pageSize: PAGE, pageToken: pageParam, filter }),
    getNextPageParam: (page) => page.nextPageToken || undefined,
  });
  return (
    <Page title="Models">
      <TextInput
        aria-label="Filter"
        placeholder="Filter, such as name = models/support*"
        defaultValue={filter}
        w={340}
        maxLength={2000}
        onChange={(event) => search(event.currentTarget.value)}
      />
      <Failure failure={list.error} retry={() => void list.refetch()} />
      <VirtualTable
        label="Models"
        rows={list.data?.pages.flatMap((page) => page.models) ?? []}
        rowKey={(model) => model.name}
        more={list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined}
        empty={list.isPending ? 'Loading …' : 'No models.'}
        columns={[
          {
            header: 'Model',
            width: 240,
            cell: (model) => (
              <Anchor component={Link} href={`/models/${id(model.name)}`} size="sm">
                {id(model.name)}
              </Anchor>
            ),
          },
          { header: 'Latest', width: 80, cell: (model) => String(model.latestVersion) },
          {
            header: 'Aliases',
            width: 320,
            cell: (model) => model.aliases.map((alias) => `${id(alias.name)} → ${id(alias.version)}`).join(', '),
          },
          { header: 'Description', width: 320, cell: (model) => model.description },
          { header: 'Created', width: 170, cell: (model) => time(model.createTime) },
        ]}
      />
    </Page>
  );
}
