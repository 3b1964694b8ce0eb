import { useQuery } from '@tanstack/react-query';
import { Role } from '../gen/rootstock/access/v1/access_pb';
import type { GetCallerResponse, Grant } from '../gen/rootstock/registry/v1/identity_pb';
import { identity } from './clients';

/** The signed-in caller; users/local where no tokens are required. */
export function useCaller() {
  return useQuery({ queryKey: ['caller'], queryFn: () => identity.getCaller({}), staleTime: 60_000 });
}

function includes(grant: Grant, role: Role): boolean {
  return grant.role === role || grant.role === Role.ADMIN || role === Role.VIEWER;
}

/**
 * Whether the caller has a role: for a resource such as models/support, or for any if it is empty. Hides actions only: the
 * services decide.
 */
export function may(caller: GetCallerResponse | undefined, role: Role, resource = ''): boolean {
  return (
    caller?.grants.some(
      (grant) => includes(grant, role) && (resource === '' || `${resource}/`.startsWith(grant.prefix)),
    ) ?? false
  );
}
