import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { datasetList } from '../../api/lists';
import { useWatchedList } from '../../api/useWatchedList';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { VirtualTable } from '../../components/VirtualTable';
import { DatasetKind } from '../../gen/rootstock/tokenizer/v1/dataset_source_pb';
import { count, enumLabel, id, time } from '../../lib/format';

export default function DatasetList() {
  const { list, failure, more, retry } = useWatchedList(datasetList, '');
  return (
    <Page title="Datasets">
      <Failure failure={failure} retry={retry} />
      <VirtualTable
        label="Datasets"
        rows={list?.items ?? []}
        rowKey={(dataset) => dataset.name}
        more={more}
        empty={list === undefined ? 'Loading …' : 'No datasets.'}
        columns={[
          {
            header: 'Dataset',
            width: 240,
            cell: (dataset) => (
              <Anchor component={Link} href={`/datasets/${id(dataset.name)}`} size="sm">
                {id(dataset.name)}
              </Anchor>
            ),
          },
          { header: 'Kind', width: 140, cell: (dataset) => enumLabel(DatasetKind, dataset.kind) },
          { header: 'Tokenizer', width: 160, cell: (dataset) => id(dataset.tokenizer) },
          {
            header: 'Rows',
            width: 90,
            cell: (dataset) => count(dataset.splits.reduce((sum, split) => sum + split.rows, 0n)),
          },
          {
            header: 'Tokens',
            width: 90,
            cell: (dataset) => count(dataset.splits.reduce((sum, split) => sum + split.tokens, 0n)),
          },
          { header: 'Rejected', width: 90, cell: (dataset) => count(dataset.refusedRowCount) },
          { header: 'Created', width: 170, cell: (dataset) => time(dataset.createTime) },
        ]}
      />
    </Page>
  );
}
