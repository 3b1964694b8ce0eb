import { Badge } from '@mantine/core';
import { JobState } from '../gen/rootstock/job/v1/job_state_pb';
import { enumLabel } from '../lib/format';

const COLORS: Partial<Record<JobState, string>> = {
  [JobState.RUNNING]: 'blue',
  [JobState.SUCCEEDED]: 'teal',
  [JobState.FAILED]: 'red',
  [JobState.NEEDS_RECOVERY]: 'red',
  [JobState.PAUSED]: 'violet',
};

export function JobBadge({ state }: { state: JobState }) {
  return (
    <Badge variant="outline" color={COLORS[state] ?? 'gray'}>
      {enumLabel(JobState, state)}
    </Badge>
  );
}
