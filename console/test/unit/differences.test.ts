import { expect, test } from 'vitest';
import { differences } from '../../src/lib/differences';

test('only the settings that differ are listed, by their paths', () => {
  const first = { dataset: 'datasets/a', hyperparameters: { seed: '1', lora: { rank: 8 } }, list: [1, 2] };
  const second = { dataset: 'datasets/a', hyperparameters: { seed: '2', lora: { rank: 8 } }, list: [1, 2] };
  const third = { dataset: 'datasets/a', hyperparameters: { seed: '1' }, list: [2] };
  expect(differences([first, second])).toEqual([{ path: 'hyperparameters.seed', values: ['1', '2'] }]);
  expect(differences([first, third])).toEqual([
    { path: 'hyperparameters.lora.rank', values: ['8', undefined] },
    { path: 'list', values: ['[1,2]', '[2]'] },
  ]);
});
