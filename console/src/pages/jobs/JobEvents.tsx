import { Code, Stack, Table, Text } from '@mantine/core';
import type { JobEvent } from '../../gen/rootstock/registry/v1/job_pb';
import { JobState } from '../../gen/rootstock/job/v1/job_state_pb';
import { RunState } from '../../gen/rootstock/trainer/v1/run_pb';
import { bytes, enumLabel, figure, time } from '../../lib/format';
import { interval } from './text';

/** Completions of fixed prompts during training, newest first. */
export function SampleTable({ events }: { events: JobEvent[] }) {
  const samples = events.flatMap((event) =>
    event.event.case === 'runEvent' && event.event.value.event.case === 'sample' ? [event.event.value.event.value] : [],
  );
  if (samples.length === 0) {
    return <Text c="dimmed">No samples yet.</Text>;
  }
  return (
    <Stack gap="xs">
      {samples.map((sample) => (
        <div key={`${sample.step} ${sample.prompt}`}>
          <Text size="xs" c="dimmed">
            Step {String(sample.step)}
          </Text>
          <Code block style={{ whiteSpace: 'pre-wrap' }}>
            <b>{sample.prompt}</b>
            {sample.text}
          </Code>
        </div>
      ))}
    </Stack>
  );
}

/** Events of a job except its progress, newest first. */
export function EventTable({ events }: { events: JobEvent[] }) {
  return (
    <Table.ScrollContainer minWidth={500}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Event</Table.Th>
            <Table.Th>Time</Table.Th>
            <Table.Th>Text</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => {
            const [kind, text] = describe(event);
            return (
              <Table.Tr key={String(event.sequence)}>
                <Table.Td>{kind}</Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{time(event.time)}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{text}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function describe({ event }: JobEvent): [string, string] {
  switch (event.case) {
    case 'stateChanged':
      return [`job ${enumLabel(JobState, event.value.state)}`, event.value.message];
    case 'trainerContact':
      return ['trainer', event.value.answers ? 'The trainer answers again.' : event.value.message];
    case 'runEvent':
      break;
    case 'evaluationProgress':
      return ['progress', ''];
    case 'taskResult':
      return [`result ${event.value.task}`, event.value.metrics.map(interval).join('; ')];
    case undefined:
      return ['unknown', ''];
  }
  const run = event.value.event;
  switch (run.case) {
    case 'stateChanged':
      return [`run ${enumLabel(RunState, run.value.state)}`, run.value.message];
    case 'resolved':
      return ['worker', `${run.value.device}, from step ${run.value.startStep}`];
    case 'evaluation': {
      const perByte = run.value.bitsPerByte > 0 ? `, ${figure(run.value.bitsPerByte)} bits per byte` : '';
      return [`evaluation ${run.value.split}`, `step ${run.value.step}: loss ${figure(run.value.loss)}${perByte}`];
    }
    case 'checkpoint':
      return [
        'checkpoint',
        `step ${run.value.step}, ${bytes(run.value.bytes)}${run.value.best ? ', best so far' : ''}`,
      ];
    case 'artifacts':
      return ['artifacts', `${run.value.artifacts.length} files`];
    case 'message':
      return ['message', run.value.text];
    case 'sample':
      return ['sample', run.value.prompt + run.value.text];
    case 'usage':
      return ['usage', `${figure(run.value.seconds)} s, ${bytes(run.value.memoryBytes)}`];
    case 'export':
      return ['export', `${run.value.stage}, ${(100 * run.value.done).toFixed(0)} %`];
    case 'progress':
    case undefined:
      return ['progress', ''];
  }
}
