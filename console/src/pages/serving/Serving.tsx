import { Button, Group, Progress, Table, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { may, useCaller } from '../../api/caller';
import { control } from '../../api/clients';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { Role } from '../../gen/rootstock/access/v1/access_pb';
import { ServedState } from '../../gen/rootstock/inference/v1/served_model_pb';
import { bytes, count, enumLabel, versionLabel } from '../../lib/format';
import { useServing } from './useServing';

/** Served models and the load of the inference service. */
export default function Serving() {
  const caller = useCaller();
  const serving = useServing();
  return (
    <Page title="Serving">
      <Failure failure={serving.failure} retry={serving.retry} />
      {serving.load && (
        <Facts
          facts={[
            ['Engine', serving.load.engine],
            ['Memory', bytes(serving.load.residentBytes)],
            ['Draining', serving.load.draining ? 'yes' : 'no'],
          ]}
        />
      )}
      <Title order={2} size="h4">
        Load
      </Title>
      <Table striped aria-label="Load">
        <Table.Thead>
          <Table.Tr>
            {['Version', 'Slots', 'Waiting', 'Tokens/s', 'KV cache'].map((header) => (
              <Table.Th key={header}>{header}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {serving.load?.models.map((model) => (
            <Table.Tr key={model.version}>
              <Table.Td>{versionLabel(model.version)}</Table.Td>
              <Table.Td>
                {model.activeRequests} of {model.slots}
              </Table.Td>
              <Table.Td>{model.queuedRequests}</Table.Td>
              <Table.Td>{count(model.tokensPerSecond)}</Table.Td>
              <Table.Td w={220}>
                <Progress
                  value={(100 * Number(model.usedCells)) / Math.max(1, Number(model.cells))}
                  aria-label={`KV cache of ${versionLabel(model.version)}`}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Title order={2} size="h4">
        Aliases
      </Title>
      <Table striped aria-label="Aliases">
        <Table.Thead>
          <Table.Tr>
            {['Alias', 'State', 'Version', 'Canary', 'Texts', 'Errors', 'First token', 'Whole text', 'Failure'].map(
              (header) => (
                <Table.Th key={header}>{header}</Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {serving.models?.map((model) => (
            <Table.Tr key={model.alias}>
              <Table.Td>{model.alias}</Table.Td>
              <Table.Td>{enumLabel(ServedState, model.state)}</Table.Td>
              <Table.Td>{model.version && versionLabel(model.version)}</Table.Td>
              <Table.Td>{model.canary && `${versionLabel(model.canary.version)}, ${model.canary.percent} %`}</Table.Td>
              <Table.Td>{String(model.figures?.texts ?? 0)}</Table.Td>
              <Table.Td>{String(model.figures?.errors ?? 0)}</Table.Td>
              <Table.Td>{(model.figures?.firstTokenMilliseconds ?? 0).toFixed(0)} ms</Table.Td>
              <Table.Td>{(model.figures?.totalMilliseconds ?? 0).toFixed(0)} ms</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{model.error}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {may(caller.data, Role.ADMIN) && <Abort />}
    </Page>
  );
}

function Abort() {
  const [request, setRequest] = useState('');
  const abort = useMutation({ mutationFn: () => control.abort({ requestId: request }) });
  return (
    <>
      <Group align="flex-end">
        <TextInput label="Request id" value={request} onChange={(event) => setRequest(event.currentTarget.value)} />
        <Button variant="default" disabled={request === ''} loading={abort.isPending} onClick={() => abort.mutate()}>
          Abort
        </Button>
      </Group>
      <Failure failure={abort.error} />
    </>
  );
}
