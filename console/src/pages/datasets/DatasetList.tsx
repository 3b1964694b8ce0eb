import { Anchor } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { datasets } from '../../api/clients';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { VirtualTable } from '../../components/VirtualTable';
import { DatasetKind } from '../../gen/rootstock/tokenizer/v1/dataset_source_pb';
import { count, enumLabel, id, time } from '../../lib/format';

const PAGE = 200;

export default function DatasetList() {
  const list = useInfiniteQuery({
    queryKey: ['datasets'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => datasets.listDatasets({ pageSize: PAGE, pageToken: pageParam }),
    getNextPageParam: (page) => page.nextPageToken || undefined,
  });
  return (
    <Page title="Datasets">
      <Failure failure={list.error} retry={() => void list.refetch()} />
      <VirtualTable
        label="Datasets"
        rows={list.data?.pages.flatMap((page) => page.datasets) ?? []}
        rowKey={(dataset) => dataset.name}
        more={list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined}
        empty={list.isPending ? 'Loading …' : 'No datasets.'}
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
