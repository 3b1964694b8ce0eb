import { create } from '@bufbuild/protobuf';
import { expect, test, vi } from 'vitest';
import { JobPriority, JobSpecSchema } from '../../src/gen/rootstock/registry/v1/job_pb';
import { Task } from '../../src/gen/rootstock/trainer/v1/run_pb';

vi.stubGlobal('window', { location: { origin: 'http://localhost:7410' } });
const { draftOf, EMPTY, specOf } = await import('../../src/pages/jobs/plan');

test('a job that is started again keeps the settings that the form does not show', () => {
  const spec = create(JobSpecSchema, {
    task: Task.CLASSIFICATION,
    dataset: 'datasets/intents',
    base: 'models/prose@production',
    outputModel: 'models/intents',
    skipQuantizations: true,
    priority: JobPriority.HIGH,
    hyperparameters: { epochs: 3, learningRate: 1e-4 },
  });
  expect(specOf(draftOf(spec), spec)).toEqual(spec);
  expect(specOf({ ...draftOf(spec), dataset: 'datasets/other' }, spec).skipQuantizations).toBe(true);
});

test('invalid JSON names its field', () => {
  expect(() => specOf({ ...EMPTY, hyperparameters: '{' })).toThrow(/^Hyperparameters: /);
  expect(() => specOf({ ...EMPTY, hyperparameters: '{"learningRat": 1}' })).toThrow(/learningRat/);
  expect(() => specOf({ ...EMPTY, architecture: '{"layers": "many"}' })).toThrow(/^Architecture: /);
});
