import { Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { models } from '../../api/clients';
import { Failure } from '../../components/Failure';
import { id, modelName, time } from '../../lib/format';

/** The last moves of an alias, newest first. */
export function AliasHistory({ alias }: { alias: string }) {
  const history = useQuery({
    queryKey: ['model', modelName(alias), 'history', alias],
    queryFn: () => models.listAliasHistory({ name: alias, pageSize: 100 }),
  });
  return (
    <section>
      <Title order={2} size="h5">
        {id(alias)}
      </Title>
      <Failure failure={history.error} />
      <Table.ScrollContainer minWidth={500}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {['Time', 'From', 'To', 'Canary', 'Reason', 'Overridden gates'].map((header) => (
                <Table.Th key={header}>{header}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {history.data?.moves.map((move) => (
              <Table.Tr key={String(move.sequence)}>
                <Table.Td>{time(move.time)}</Table.Td>
                <Table.Td>{id(move.fromVersion)}</Table.Td>
                <Table.Td>{move.toVersion === '' ? 'deleted' : id(move.toVersion)}</Table.Td>
                <Table.Td>{move.canary && `${id(move.canary.version)}, ${move.canary.percent} %`}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{move.reason}</Table.Td>
                <Table.Td>
                  {move.overriddenGates.map(id).join(', ')} {move.overriddenBy && `by ${move.overriddenBy}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
