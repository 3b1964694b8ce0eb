import { Alert, Button, Code, Group, NumberInput, Table, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { identity } from '../../api/clients';
import { MAX_PAGE } from '../../api/lists';
import { Failure } from '../../components/Failure';
import { time } from '../../lib/format';

const DAY = 86_400n;

/** Access tokens of a user. The secret of a new one is shown once and kept by the page only until it is left. */
export function AccessTokens({ principal }: { principal: string }) {
  const queries = useQueryClient();
  const [description, setDescription] = useState('');
  const [days, setDays] = useState(90);
  const key = ['tokens', principal];
  const list = useQuery({ queryKey: key, queryFn: () => identity.listAccessTokens({ principal, pageSize: MAX_PAGE }) });
  const changed = () => queries.invalidateQueries({ queryKey: key });
  const create = useMutation({
    mutationFn: () => identity.createAccessToken({ principal, description, lifetime: { seconds: BigInt(days) * DAY } }),
    onSuccess: changed,
    gcTime: 0,
  });
  const revoke = useMutation({
    mutationFn: (name: string) => identity.revokeAccessToken({ name }),
    onSuccess: changed,
  });
  return (
    <section>
      <Title order={2} size="h4">
        Access tokens
      </Title>
      <Failure failure={list.error ?? create.error ?? revoke.error} />
      <Group align="flex-end">
        <TextInput
          label="Description"
          maxLength={256}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <NumberInput label="Days" min={1} max={365} value={days} onChange={(value) => setDays(Number(value) || 1)} />
        <Button loading={create.isPending} onClick={() => create.mutate()}>
          Create
        </Button>
      </Group>
      {create.data && (
        <Alert mt="sm" title="Copy the token now; it is not shown again">
          <Code>{create.data.secret}</Code>
        </Alert>
      )}
      <Table striped mt="sm">
        <Table.Thead>
          <Table.Tr>
            {['Token', 'Description', 'Created', 'Expires', 'Last use', ''].map((header) => (
              <Table.Th key={header}>{header}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.data?.accessTokens.map((token) => (
            <Table.Tr key={token.name}>
              <Table.Td>{token.name}</Table.Td>
              <Table.Td>{token.description}</Table.Td>
              <Table.Td>{time(token.createTime)}</Table.Td>
              <Table.Td>{time(token.expireTime)}</Table.Td>
              <Table.Td>{time(token.lastUseTime)}</Table.Td>
              <Table.Td>
                {token.revokeTime === undefined ? (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Revoke ${token.name}`}
                    onClick={() => revoke.mutate(token.name)}
                  >
                    Revoke
                  </Button>
                ) : (
                  'revoked'
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
