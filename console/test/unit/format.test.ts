import { expect, test } from 'vitest';
import { bytes, dollars, duration, figure, id, modelName, versionLabel } from '../../src/lib/format';

test('values have units', () => {
  expect(bytes(512)).toBe('512 B');
  expect(bytes(1536n)).toBe('1.5 KiB');
  expect(bytes(5n * 1024n ** 4n)).toBe('5.0 TiB');
  expect(duration(0)).toBe('0 s');
  expect(duration(61)).toBe('1 min 1 s');
  expect(duration(3600)).toBe('1 h');
  expect(duration(90_061)).toBe('1 d 1 h');
  expect(duration(Number.NaN)).toBe('–');
  expect(dollars(0.0123)).toBe('$0.012');
  expect(dollars(12.345)).toBe('$12.35');
  expect(figure(1234.5678)).toBe('1235');
  expect(figure(0.000123456)).toBe('0.0001235');
});

test('names are shortened as the command line writes them', () => {
  expect(id('jobs/0a1b')).toBe('0a1b');
  expect(versionLabel('models/support/versions/3')).toBe('support:3');
  expect(versionLabel('models/support')).toBe('models/support');
  expect(modelName('models/support/aliases/production')).toBe('models/support');
});
