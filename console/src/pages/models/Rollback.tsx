import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { models } from '../../api/clients';
import { Failure } from '../../components/Failure';
import type { Alias } from '../../gen/rootstock/registry/v1/alias_pb';
import { id, modelName } from '../../lib/format';

/** Moves an alias back to its previous version. */
export function Rollback({ alias }: { alias: Alias }) {
  const queries = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const rollback = useMutation({
    mutationFn: () => models.rollbackAlias({ name: alias.name, etag: alias.etag, reason }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['model', modelName(alias.name)] });
      close();
    },
  });
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={open}>
        Roll back {id(alias.name)}
      </Button>
      <Modal opened={opened} onClose={close} title={`Roll ${id(alias.name)} back to its previous version?`}>
        <Stack>
          <TextInput
            label="Reason"
            maxLength={1024}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Failure failure={rollback.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Close
            </Button>
            <Button color="red" loading={rollback.isPending} onClick={() => rollback.mutate()}>
              Roll back
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
