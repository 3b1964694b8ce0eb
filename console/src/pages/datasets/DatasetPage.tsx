import { Alert, Progress, SegmentedControl, Table, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { datasets } from '../../api/clients';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import type { DatasetRow } from '../../gen/rootstock/tokenizer/v1/dataset_row_pb';
import { DatasetKind } from '../../gen/rootstock/tokenizer/v1/dataset_source_pb';
import { bytes, count, enumLabel, id, time } from '../../lib/format';
import { useUrlState } from '../../lib/url';

/** Rows of the preview. */
const ROWS = 20n;

/** A dataset: sources with their weights, splits, rejected rows, and a preview with the loss mask. */
export default function DatasetPage() {
  const name = `datasets/${useParams<{ dataset: string }>().dataset}`;
  const [tab, setTab] = useUrlState('tab', 'sources');
  const [split, setSplit] = useUrlState('split', 'train');
  const dataset = useQuery({ queryKey: ['dataset', name], queryFn: () => datasets.getDataset({ name }) });
  const shown = dataset.data?.dataset;
  return (
    <Page title={name}>
      <Failure failure={dataset.error} retry={() => void dataset.refetch()} />
      {shown && (
        <>
          <Facts
            facts={[
              ['Kind', enumLabel(DatasetKind, shown.kind)],
              ['Tokenizer', id(shown.tokenizer)],
              ['Created', time(shown.createTime)],
              ['Rejected rows', String(shown.refusedRowCount)],
              ['Duplicate rows', String(shown.duplicateRowCount)],
              ['Digest', shown.digest],
            ]}
          />
          {shown.warnings.map((warning) => (
            <Alert key={warning} color="yellow">
              {warning}
            </Alert>
          ))}
          <Tabs value={tab} onChange={(value) => setTab(value ?? 'sources')} keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="sources">Sources</Tabs.Tab>
              <Tabs.Tab value="splits">Splits</Tabs.Tab>
              <Tabs.Tab value="rejected">Rejected rows</Tabs.Tab>
              <Tabs.Tab value="preview">Preview</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="sources" pt="md">
              <Table aria-label="Sources">
                <Table.Tbody>
                  {shown.sources.map((source) => (
                    <Table.Tr key={source.name}>
                      <Table.Th scope="row">{source.name}</Table.Th>
                      <Table.Td w="30%">
                        <Progress value={100 * source.weight} aria-label={`weight of ${source.name}`} />
                      </Table.Td>
                      <Table.Td>{(100 * source.weight).toFixed(1)} %</Table.Td>
                      <Table.Td>{count(source.rows)} rows</Table.Td>
                      <Table.Td>{count(source.tokens)} tokens</Table.Td>
                      <Table.Td>{bytes(source.bytes)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Tabs.Panel>
            <Tabs.Panel value="splits" pt="md">
              <Table aria-label="Splits">
                <Table.Tbody>
                  {shown.splits.map((each) => (
                    <Table.Tr key={each.split}>
                      <Table.Th scope="row">{each.split}</Table.Th>
                      <Table.Td>{count(each.rows)} rows</Table.Td>
                      <Table.Td>{count(each.tokens)} tokens</Table.Td>
                      <Table.Td>{count(each.lossTokens)} with loss</Table.Td>
                      <Table.Td>{bytes(each.bytes)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Tabs.Panel>
            <Tabs.Panel value="rejected" pt="md">
              <Table aria-label="Rejected rows">
                <Table.Tbody>
                  {shown.refusedRows.map((row) => (
                    <Table.Tr key={`${row.file} ${row.line}`}>
                      <Table.Td>
                        {row.file}:{String(row.line)}
                      </Table.Td>
                      <Table.Td style={{ overflowWrap: 'anywhere' }}>{row.reason}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Tabs.Panel>
            <Tabs.Panel value="preview" pt="md">
              <SegmentedControl
                aria-label="Split"
                value={split}
                onChange={setSplit}
                data={shown.splits.map((each) => each.split)}
              />
              <Preview name={name} split={split} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Page>
  );
}

/** Rows as the model reads them: text that the loss covers is underlined. */
function Preview({ name, split }: { name: string; split: string }) {
  const rows = useQuery({
    queryKey: ['dataset', name, 'rows', split],
    queryFn: async ({ signal }) => {
      const read: DatasetRow[] = [];
      for await (const response of datasets.readDatasetRows({ name, split, maxRows: ROWS }, { signal })) {
        if (response.row !== undefined) {
          read.push(response.row);
        }
      }
      return read;
    },
  });
  return (
    <>
      <Failure failure={rows.error} />
      {rows.data?.map((row) => (
        <Text
          key={`${row.source} ${row.row} ${row.segments.length}`}
          component="pre"
          size="sm"
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {row.label !== '' && <b>[{row.label}] </b>}
          {row.segments.map((segment, position) => (
            // The segments of a row never change.
            // oxlint-disable-next-line react/no-array-index-key
            <span
              key={position}
              style={{ textDecoration: segment.loss ? 'underline' : 'none', opacity: segment.special ? 0.7 : 1 }}
            >
              {segment.text}
            </span>
          ))}
        </Text>
      ))}
    </>
  );
}
