import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import {
  type Job,
  JobSchema,
  JobState,
  ListJobsResponseSchema,
  WatchJobsResponseSchema,
} from '../../src/gen/rootstock/registry/v1/job_pb';
import { type JobList, withChanges, withPage } from '../../src/lib/jobList';

const job = (name: string, state = JobState.QUEUED) => create(JobSchema, { name, state });
const change = (names: string[], jobs: Job[], nextPageToken = '') =>
  create(WatchJobsResponseSchema, { names, jobs, nextPageToken });
const names = (list: JobList) => list.jobs.map(({ name }) => name);

test('a message replaces jobs that have changed and drops those that left the page', () => {
  const first = withChanges(undefined, change(['b', 'a'], [job('b'), job('a')]));
  expect(names(first)).toEqual(['b', 'a']);
  const second = withChanges(first, change(['b'], [job('b', JobState.RUNNING)]));
  expect(names(second)).toEqual(['b']);
  expect(second.jobs[0]?.state).toBe(JobState.RUNNING);
});

test('jobs that newer ones push off the page stay when later pages are loaded', () => {
  const first = withChanges(undefined, change(['c', 'b'], [job('c'), job('b')], 'after-b'));
  const both = withPage(first, create(ListJobsResponseSchema, { jobs: [job('a')], nextPageToken: '' }));
  expect(names(both)).toEqual(['c', 'b', 'a']);
  const pushed = withChanges(both, change(['d', 'c'], [job('d')], 'after-c'));
  expect(names(pushed)).toEqual(['d', 'c', 'b', 'a']);
  expect(pushed.next).toBe('');
});

test('a deleted job leaves the list, also when later pages are loaded', () => {
  const first = withChanges(undefined, change(['c', 'b'], [job('c'), job('b')], 'after-b'));
  const both = withPage(first, create(ListJobsResponseSchema, { jobs: [job('a')] }));
  expect(names(withChanges(both, change(['b', 'a'], [job('a')])))).toEqual(['b', 'a']);
});

test('a page that overlaps the list adds each job once', () => {
  const first = withChanges(undefined, change(['c', 'b'], [job('c'), job('b')], 'after-b'));
  expect(names(withPage(first, create(ListJobsResponseSchema, { jobs: [job('b'), job('a')] })))).toEqual([
    'c',
    'b',
    'a',
  ]);
});
