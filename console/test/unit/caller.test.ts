import { create } from '@bufbuild/protobuf';
import { expect, test, vi } from 'vitest';
import { Role } from '../../src/gen/rootstock/access/v1/access_pb';
import { GetCallerResponseSchema } from '../../src/gen/rootstock/registry/v1/identity_pb';

vi.stubGlobal('window', { location: { origin: 'http://localhost:7410' } });
const { may } = await import('../../src/api/caller');

function caller(role: Role, prefix: string) {
  return create(GetCallerResponseSchema, { name: 'users/u', grants: [{ role, prefix }] });
}

test('grants include roles as the services decide', () => {
  expect(may(undefined, Role.VIEWER)).toBe(false);
  expect(may(caller(Role.TRAINER, ''), Role.VIEWER, 'models/a')).toBe(true);
  expect(may(caller(Role.TRAINER, ''), Role.PROMOTER, 'models/a')).toBe(false);
  expect(may(caller(Role.ADMIN, ''), Role.PROMOTER, 'models/a')).toBe(true);
});

test('a prefix is compared with the name and a slash', () => {
  expect(may(caller(Role.PROMOTER, 'models/support-'), Role.PROMOTER, 'models/support-mail')).toBe(true);
  expect(may(caller(Role.PROMOTER, 'models/support/'), Role.PROMOTER, 'models/support')).toBe(true);
  expect(may(caller(Role.PROMOTER, 'models/support/'), Role.PROMOTER, 'models/support-mail')).toBe(false);
});
