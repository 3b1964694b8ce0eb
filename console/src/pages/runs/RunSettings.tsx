import { toJson } from '@bufbuild/protobuf';
import { Table } from '@mantine/core';
import { type Job, JobSpecSchema } from '../../gen/rootstock/registry/v1/job_pb';
import { RunSpecSchema } from '../../gen/rootstock/trainer/v1/run_pb';
import { flatten, type Json } from '../../lib/differences';

/** The settings of a job, as one JSON object: as given, with names resolved to digests. */
export function settingsOf(job: Job): Json {
  return {
    ...(job.resolved === undefined ? {} : (toJson(RunSpecSchema, job.resolved) as Record<string, Json>)),
    ...(job.spec === undefined ? {} : (toJson(JobSpecSchema, job.spec) as Record<string, Json>)),
  };
}

export function RunSettings({ job }: { job: Job }) {
  return (
    <Table striped layout="fixed">
      <Table.Tbody>
        {[...flatten(settingsOf(job))].map(([path, value]) => (
          <Table.Tr key={path}>
            <Table.Th scope="row">{path}</Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
