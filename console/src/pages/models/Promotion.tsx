import { Alert, Autocomplete, Badge, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { gates, models } from '../../api/clients';
import { Failure } from '../../components/Failure';
import type { Alias } from '../../gen/rootstock/registry/v1/alias_pb';
import { id, versionLabel } from '../../lib/format';

/** Moves an alias to a version. Shows the gates of the alias before; the registry checks them again. */
export function Promotion({
  model,
  version,
  aliases,
  close,
}: {
  model: string;
  version: string;
  aliases: Alias[];
  close: () => void;
}) {
  const queries = useQueryClient();
  const [alias, setAlias] = useState('production');
  const [reason, setReason] = useState('');
  const [override, setOverride] = useState(false);
  const name = `${model}/aliases/${alias}`;
  const current = aliases.find((each) => each.name === name);
  const checked = useQuery({
    queryKey: ['gates', name, version],
    queryFn: () => gates.checkGates({ alias: name, version }),
    enabled: current !== undefined,
  });
  const failed = checked.data?.results.filter((result) => !result.passed) ?? [];
  const promote = useMutation({
    mutationFn: () => models.setAlias({ name, version, reason, overrideGates: override, etag: current?.etag ?? '' }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['model', model] });
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={`Promote ${versionLabel(version)}`}>
      <Stack>
        <Autocomplete label="Alias" value={alias} onChange={setAlias} data={aliases.map((each) => id(each.name))} />
        {current && <Text size="sm">It points to {versionLabel(current.version)} now.</Text>}
        {checked.data?.results.map((result) => (
          <Group key={result.gate?.name} wrap="nowrap" align="flex-start">
            <Badge color={result.passed ? 'teal' : 'red'} variant="outline">
              {result.passed ? 'passed' : 'failed'}
            </Badge>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {id(result.gate?.name ?? '')}: {result.reason}
            </Text>
          </Group>
        ))}
        <Failure failure={checked.error} />
        <TextInput
          label="Reason"
          description="Stored in the history of the alias"
          maxLength={1024}
          value={reason}
          required={override}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {failed.length > 0 && (
          <Alert color="yellow">
            <Checkbox
              label={`Promote although ${failed.length} of ${checked.data?.results.length} gates fail`}
              checked={override}
              onChange={(event) => setOverride(event.currentTarget.checked)}
            />
          </Alert>
        )}
        <Failure failure={promote.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Close
          </Button>
          <Button
            loading={promote.isPending}
            disabled={(failed.length > 0 && !override) || (override && reason === '')}
            onClick={() => promote.mutate()}
          >
            Promote
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
