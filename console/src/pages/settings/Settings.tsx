import { Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { may, useCaller } from '../../api/caller';
import { identity } from '../../api/clients';
import { MAX_PAGE } from '../../api/lists';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { Role } from '../../gen/rootstock/access/v1/access_pb';
import type { Grant } from '../../gen/rootstock/registry/v1/identity_pb';
import { enumLabel, time } from '../../lib/format';
import { AccessTokens } from './AccessTokens';

/** The caller with its roles and access tokens; for administrators also users and their roles. */
export default function Settings() {
  const caller = useCaller();
  const name = caller.data?.name ?? '';
  const people = name.startsWith('users/') && name !== 'users/local';
  return (
    <Page title="Settings">
      <Facts
        facts={[
          ['Signed in as', name],
          ['Roles', caller.data?.grants.map(grant).join(', ')],
          ['Token expires', caller.data?.expireTime && time(caller.data.expireTime)],
        ]}
      />
      {people && <AccessTokens principal={name} />}
      {may(caller.data, Role.ADMIN) && <Principals />}
    </Page>
  );
}

function grant(each: Grant): string {
  const role = enumLabel(Role, each.role);
  return each.prefix === '' ? role : `${role} of ${each.prefix}`;
}

function Principals() {
  const list = useQuery({ queryKey: ['principals'], queryFn: () => identity.listPrincipals({ pageSize: MAX_PAGE }) });
  return (
    <section>
      <Title order={2} size="h4">
        Users, service accounts and groups
      </Title>
      <Failure failure={list.error} />
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            {['Name', 'Description', 'Roles', 'Created'].map((header) => (
              <Table.Th key={header}>{header}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.data?.principals.map((principal) => (
            <Table.Tr key={principal.name}>
              <Table.Td>{principal.name}</Table.Td>
              <Table.Td>{principal.description}</Table.Td>
              <Table.Td>{principal.grants.map(grant).join(', ')}</Table.Td>
              <Table.Td>{time(principal.createTime)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
