import { Alert, Anchor, Progress, SimpleGrid, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { jobs } from '../../api/clients';
import { Chart } from '../../charts/Chart';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { JobBadge } from '../../components/JobBadge';
import { Page } from '../../components/Page';
import { type Job, JobState } from '../../gen/rootstock/registry/v1/job_pb';
import type { RunProgress } from '../../gen/rootstock/trainer/v1/run_event_pb';
import { Task } from '../../gen/rootstock/trainer/v1/run_pb';
import { count, dollars, duration, enumLabel, figure, modelName, time, versionLabel } from '../../lib/format';
import { useUrlState } from '../../lib/url';
import { CurveControls, useCurveSettings } from './CurveControls';
import { curves, ordered } from './curves';
import { RunActions } from './RunActions';
import { EventTable, SampleTable } from './RunEvents';
import { RunSettings } from './RunSettings';
import { useJobEvents } from './useJobEvents';

const ENDED = [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED];

/** One run: its curves, samples, events and settings, while it runs. */
export default function RunPage() {
  const name = `jobs/${useParams<{ job: string }>().job}`;
  return <Run key={name} name={name} />;
}

function Run({ name }: { name: string }) {
  const job = useQuery({ queryKey: ['job', name], queryFn: () => jobs.getJob({ name }) });
  const shown = job.data?.job;
  const live = useJobEvents(name, shown !== undefined && ENDED.includes(shown.state));
  const [tab, setTab] = useUrlState('tab', 'curves');
  return (
    <Page title={name} actions={shown && <RunActions job={shown} />}>
      {!live.connected && <Alert color="yellow">The connection is lost; the page reconnects.</Alert>}
      <Failure failure={job.error ?? live.failure} retry={() => void job.refetch()} />
      {shown && <Summary job={shown} progress={live.progress ?? shown.progress} />}
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'curves')} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="curves">Curves</Tabs.Tab>
          <Tabs.Tab value="samples">Samples</Tabs.Tab>
          <Tabs.Tab value="events">Events</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="curves" pt="md">
          <Curves name={name} />
        </Tabs.Panel>
        <Tabs.Panel value="samples" pt="md">
          <SampleTable events={live.events} />
        </Tabs.Panel>
        <Tabs.Panel value="events" pt="md">
          <EventTable events={live.events} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" pt="md">
          {shown && <RunSettings job={shown} />}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Summary({ job, progress }: { job: Job; progress: RunProgress | undefined }) {
  const done = 100 * (progress?.done ?? 0);
  return (
    <>
      <Facts
        facts={[
          ['State', <JobBadge key="state" state={job.state} />],
          ['Task', enumLabel(Task, job.spec?.task ?? 0)],
          ['Dataset', job.spec?.dataset],
          ['Base', job.baseVersion && versionLabel(job.baseVersion)],
          [
            'Version',
            job.version && (
              <Anchor key="version" component={Link} href={`/${modelName(job.version)}`}>
                {versionLabel(job.version)}
              </Anchor>
            ),
          ],
          ['Step', progress && `${progress.step} of ${progress.totalSteps}`],
          ['Loss', progress && figure(progress.loss)],
          ['Tokens', progress && `${count(progress.tokens)} of ${count(progress.totalTokens)}`],
          ['Tokens/s', progress && count(progress.tokensPerSecond)],
          ['MFU', progress && `${(100 * progress.modelFlopsUtilization).toFixed(1)} %`],
          ['Remaining', progress && duration(progress.etaSeconds)],
          ['Cost', progress && dollars(progress.dollarsSpent)],
          ['Owner', job.owner],
          ['Created', time(job.createTime)],
        ]}
      />
      {job.message !== '' && <Alert color="gray">{job.message}</Alert>}
      {progress && <Progress value={done} aria-label={`${done.toFixed(0)} % done`} />}
    </>
  );
}

function Curves({ name }: { name: string }) {
  const [settings, change] = useCurveSettings();
  const metrics = useQuery({
    queryKey: ['job', name, 'metrics'],
    queryFn: () => jobs.readMetrics({ name, maxPoints: 1000 }),
  });
  const series = metrics.data?.series ?? [];
  const drawn = ordered(series.filter((each) => each.points.length > 1).map((each) => each.metric)).map((metric) => ({
    metric,
    lines: curves(metric, series, metric, settings.axis, settings.smoothing),
  }));
  return (
    <>
      <CurveControls settings={settings} change={change} />
      <Failure failure={metrics.error} />
      {drawn.length > 0 && drawn.every(({ lines }) => lines.length === 0) && (
        <Alert color="gray">The run reports no {settings.axis}.</Alert>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} mt="md">
        {drawn.map(
          ({ metric, lines }) =>
            lines.length > 0 && (
              <Chart
                key={metric}
                title={metric}
                curves={lines}
                byTime={settings.axis === 'time'}
                logarithmic={settings.logarithmic}
              />
            ),
        )}
      </SimpleGrid>
    </>
  );
}
