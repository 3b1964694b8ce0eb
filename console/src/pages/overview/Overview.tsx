import { Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { jobs } from '../../api/clients';
import { jobList } from '../../api/lists';
import { useWatchedList } from '../../api/useWatchedList';
import { Failure } from '../../components/Failure';
import { JobBadge } from '../../components/JobBadge';
import { Page } from '../../components/Page';
import type { Job } from '../../gen/rootstock/registry/v1/job_pb';
import { JobState } from '../../gen/rootstock/job/v1/job_state_pb';
import { type ServedModel, ServedState } from '../../gen/rootstock/inference/v1/served_model_pb';
import { dollars, duration, enumLabel, figure, id, modelName, time, versionLabel } from '../../lib/format';
import { evaluationProgress, subject } from '../jobs/text';
import { useServing } from '../serving/useServing';

const ACTIVE = [JobState.RUNNING, JobState.VALIDATING, JobState.QUEUED, JobState.PAUSED];

/** Jobs that have ended, read again when the active jobs change. */
function useEndedJobs(states: JobState[], active: string) {
  return useQuery({
    queryKey: ['jobs', 'ended', states, active],
    queryFn: () => jobs.listJobs({ states, pageSize: 5 }),
    placeholderData: keepPreviousData,
  });
}

/** Jobs that run and wait, models that serve, costs, and recent failures. */
export default function Overview() {
  const active = useWatchedList(jobList, { kinds: [], states: ACTIVE, filter: '' });
  const running = active.list?.items.filter(({ state }) => state === JobState.RUNNING || state === JobState.VALIDATING);
  const waiting = active.list?.items.filter(({ state }) => state === JobState.QUEUED || state === JobState.PAUSED);
  const names = active.list?.items.map(({ name }) => name).join(' ') ?? '';
  const failed = useEndedJobs([JobState.FAILED, JobState.NEEDS_RECOVERY], names);
  const recent = useEndedJobs([JobState.SUCCEEDED], names);
  const serving = useServing();
  const spent = (running ?? []).reduce((sum, job) => sum + (job.progress?.dollarsSpent ?? 0), 0);
  return (
    <Page title="Overview">
      <Failure failure={active.failure ?? failed.error} retry={active.retry} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Panel title={`Running ${spent > 0 ? `(${dollars(spent)} so far)` : ''}`} empty={running?.length === 0}>
          {running?.map((job) => (
            <JobLine key={job.name} job={job}>
              {progressLine(job)}
            </JobLine>
          ))}
        </Panel>
        <Panel title="Waiting" empty={waiting?.length === 0}>
          {waiting?.map((job) => (
            <JobLine key={job.name} job={job}>
              {job.estimatedStartTime ? `starts ${time(job.estimatedStartTime)}` : job.message}
            </JobLine>
          ))}
        </Panel>
        <Panel title="Serving" empty={serving.models?.length === 0}>
          <Failure failure={serving.failure} retry={serving.retry} />
          {serving.models?.map((model) => (
            <ServedLine key={model.alias} model={model} />
          ))}
        </Panel>
        <Panel title="Failed" empty={failed.data?.jobs.length === 0}>
          {failed.data?.jobs.map((job) => (
            <JobLine key={job.name} job={job}>
              {job.message}
            </JobLine>
          ))}
        </Panel>
        <Panel title="Finished" empty={recent.data?.jobs.length === 0}>
          {recent.data?.jobs.map((job) => (
            <JobLine key={job.name} job={job}>
              {job.version === '' ? '' : versionLabel(job.version)}
            </JobLine>
          ))}
        </Panel>
      </SimpleGrid>
    </Page>
  );
}

function Panel({ title, empty, children }: { title: string; empty: boolean; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <Stack gap={6}>{empty ? <Text c="dimmed">None.</Text> : children}</Stack>
    </Card>
  );
}

function JobLine({ job, children }: { job: Job; children?: ReactNode }) {
  return (
    <Group gap="xs">
      <JobBadge state={job.state} />
      <Anchor component={Link} href={`/jobs/${id(job.name)}`} size="sm">
        {subject(job)} {id(job.name)}
      </Anchor>
      <Text size="sm" c="dimmed" lineClamp={2}>
        {children}
      </Text>
    </Group>
  );
}

function progressLine({ progress, evaluation }: Job): string {
  if (progress !== undefined) {
    return `loss ${figure(progress.loss)}, ${(100 * progress.done).toFixed(0)} %, ${duration(progress.etaSeconds)} left`;
  }
  return evaluation?.progress === undefined ? '' : evaluationProgress(evaluation.progress);
}

function ServedLine({ model }: { model: ServedModel }) {
  const name = id(modelName(model.alias));
  return (
    <Group gap="xs">
      <Anchor component={Link} href={`/models/${name}`} size="sm">
        {name}@{id(model.alias)}
      </Anchor>
      <Text size="sm" c="dimmed">
        {enumLabel(ServedState, model.state)} {model.version && versionLabel(model.version)}, {model.activeRequests}{' '}
        active, {model.queuedRequests} waiting {model.error}
      </Text>
    </Group>
  );
}
