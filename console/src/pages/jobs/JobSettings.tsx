import { toJson } from '@bufbuild/protobuf';
import { Table } from '@mantine/core';
import { EvaluationSpecSchema, ResolvedEvaluationSchema } from '../../gen/rootstock/evaluation/v1/evaluation_pb';
import { type Job, JobSpecSchema } from '../../gen/rootstock/registry/v1/job_pb';
import { RunSpecSchema } from '../../gen/rootstock/trainer/v1/run_pb';
import { flatten, type Json } from '../../lib/differences';

/** The settings of a job, as one JSON object: as given, with names resolved. */
export function settingsOf(job: Job): Json {
  const { evaluation } = job;
  return {
    ...(evaluation?.resolved === undefined
      ? {}
      : { resolved: toJson(ResolvedEvaluationSchema, evaluation.resolved) as Json }),
    ...(evaluation?.spec === undefined ? {} : (toJson(EvaluationSpecSchema, evaluation.spec) as Record<string, Json>)),
    ...(job.resolved === undefined ? {} : (toJson(RunSpecSchema, job.resolved) as Record<string, Json>)),
    ...(job.spec === undefined ? {} : (toJson(JobSpecSchema, job.spec) as Record<string, Json>)),
  };
}

export function JobSettings({ job }: { job: Job }) {
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
