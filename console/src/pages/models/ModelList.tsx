import { Anchor, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link } from 'wouter';
import { modelList } from '../../api/lists';
import { useWatchedList } from '../../api/useWatchedList';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { VirtualTable } from '../../components/VirtualTable';
import { id, time } from '../../lib/format';
import { useUrlState } from '../../lib/url';

export default function ModelList() {
  const [filter, setFilter] = useUrlState('filter', '');
  const search = useDebouncedCallback(setFilter, 300);
  const { list, failure, more, retry } = useWatchedList(modelList, filter);
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
      <Failure failure={failure} retry={retry} />
      <VirtualTable
        label="Models"
        rows={list?.items ?? []}
        rowKey={(model) => model.name}
        more={more}
        empty={list === undefined ? 'Loading …' : 'No models.'}
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
