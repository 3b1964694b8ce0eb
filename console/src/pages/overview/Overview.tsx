import { Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { inference, jobs } from '../../api/clients';
import { Failure } from '../../components/Failure';
import { JobBadge } from '../../components/JobBadge';
import { Page } from '../../components/Page';
import { type Job, JobState } from '../../gen/rootstock/registry/v1/job_pb';
import { type ServedModel, ServedState } from '../../gen/rootstock/inference/v1/served_model_pb';
import { dollars, duration, enumLabel, figure, id, time, versionLabel } from '../../lib/format';

const PERIOD = 5000;

function useJobs(key: string, states: JobState[], pageSize: number) {
  return useQuery({
    queryKey: ['jobs', key],
    queryFn: () => jobs.listJobs({ states, pageSize }),
    refetchInterval: PERIOD,
  });
}

/** Runs that train and wait, models that serve, costs, and recent failures. */
export default function Overview() {
  const running = useJobs('running', [JobState.RUNNING, JobState.VALIDATING], 50);
  const waiting = useJobs('waiting', [JobState.QUEUED, JobState.PAUSED], 20);
  const failed = useJobs('failed', [JobState.FAILED, JobState.NEEDS_RECOVERY], 5);
  const recent = useJobs('recent', [JobState.SUCCEEDED], 5);
  const served = useQuery({
    queryKey: ['served'],
    queryFn: () => inference.listServedModels({ pageSize: 50 }),
    refetchInterval: PERIOD,
  });
  const spent = (running.data?.jobs ?? []).reduce((sum, job) => sum + (job.progress?.dollarsSpent ?? 0), 0);
  return (
    <Page title="Overview">
      <Failure failure={running.error ?? waiting.error ?? failed.error} retry={() => void running.refetch()} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Panel
          title={`Running ${spent > 0 ? `(${dollars(spent)} so far)` : ''}`}
          empty={running.data?.jobs.length === 0}
        >
          {running.data?.jobs.map((job) => (
            <JobLine key={job.name} job={job}>
              {job.progress &&
                `loss ${figure(job.progress.loss)}, ${(100 * job.progress.done).toFixed(0)} %, ${duration(job.progress.etaSeconds)} left`}
            </JobLine>
          ))}
        </Panel>
        <Panel title="Waiting" empty={waiting.data?.jobs.length === 0}>
          {waiting.data?.jobs.map((job) => (
            <JobLine key={job.name} job={job}>
              {job.estimatedStartTime ? `starts ${time(job.estimatedStartTime)}` : job.message}
            </JobLine>
          ))}
        </Panel>
        <Panel title="Serving" empty={served.data?.models.length === 0}>
          <Failure failure={served.error} />
          {served.data?.models.map((model) => (
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
      <Anchor component={Link} href={`/runs/${id(job.name)}`} size="sm">
        {id(job.spec?.outputModel ?? '')} {id(job.name)}
      </Anchor>
      <Text size="sm" c="dimmed" lineClamp={2}>
        {children}
      </Text>
    </Group>
  );
}

function ServedLine({ model }: { model: ServedModel }) {
  const [, name, , alias] = model.alias.split('/');
  return (
    <Group gap="xs">
      <Anchor component={Link} href={`/models/${name}`} size="sm">
        {name}@{alias}
      </Anchor>
      <Text size="sm" c="dimmed">
        {enumLabel(ServedState, model.state).replace('served state ', '')}{' '}
        {model.version && versionLabel(model.version)}, {model.activeRequests} active, {model.queuedRequests} waiting{' '}
        {model.error}
      </Text>
    </Group>
  );
}
