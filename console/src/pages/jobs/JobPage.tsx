import { Alert, Anchor, Progress, SimpleGrid, Table, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { jobs } from '../../api/clients';
import { Chart } from '../../charts/Chart';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { JobBadge } from '../../components/JobBadge';
import { Page } from '../../components/Page';
import type { EvaluationProgress, TaskResult } from '../../gen/rootstock/evaluation/v1/result_pb';
import type { Job } from '../../gen/rootstock/registry/v1/job_pb';
import { JobKind, JobState } from '../../gen/rootstock/job/v1/job_state_pb';
import type { RunProgress } from '../../gen/rootstock/trainer/v1/run_event_pb';
import { Task } from '../../gen/rootstock/trainer/v1/run_pb';
import { count, dollars, duration, enumLabel, figure, modelName, time, versionLabel } from '../../lib/format';
import { useUrlChoice } from '../../lib/url';
import { CurveControls, useCurveSettings } from './CurveControls';
import { curves, ordered } from './curves';
import { JobActions } from './JobActions';
import { EventTable, SampleTable } from './JobEvents';
import { JobSettings } from './JobSettings';
import { evaluationProgress, interval, scored } from './text';
import { type JobEvents, useJobEvents } from './useJobEvents';

const ENDED = [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED];

/** One job, while it runs: the curves and samples of a training or the results of an evaluation, events and settings. */
export default function JobPage() {
  const name = `jobs/${useParams<{ job: string }>().job}`;
  return <JobDetails key={name} name={name} />;
}

function JobDetails({ name }: { name: string }) {
  const job = useQuery({ queryKey: ['job', name], queryFn: () => jobs.getJob({ name }) });
  const shown = job.data?.job;
  const live = useJobEvents(name, shown !== undefined && ENDED.includes(shown.state));
  return (
    <Page title={name} actions={shown && <JobActions job={shown} />}>
      {!live.connected && <Alert color="yellow">The connection is lost; the page reconnects.</Alert>}
      <Failure failure={job.error ?? live.failure} retry={() => void job.refetch()} />
      {shown &&
        (shown.kind === JobKind.EVALUATE ? (
          <EvaluationDetails job={shown} live={live} />
        ) : (
          <TrainingDetails job={shown} live={live} />
        ))}
    </Page>
  );
}

interface Details {
  job: Job;
  live: JobEvents;
}

function TrainingDetails({ job, live }: Details) {
  return (
    <>
      <TrainingSummary job={job} progress={live.runProgress ?? job.progress} />
      <JobTabs
        tabs={{
          curves: <Curves name={job.name} />,
          samples: <SampleTable events={live.events} />,
          events: <EventTable events={live.events} />,
          settings: <JobSettings job={job} />,
        }}
      />
    </>
  );
}

function EvaluationDetails({ job, live }: Details) {
  const results = job.evaluation?.results ?? [];
  return (
    <>
      <EvaluationSummary job={job} progress={live.evaluationProgress ?? job.evaluation?.progress} />
      <JobTabs
        tabs={{
          results: <Results results={results} />,
          events: <EventTable events={live.events} />,
          settings: <JobSettings job={job} />,
        }}
      />
    </>
  );
}

/** Tabs by their names in the address; the first one is the default. */
function JobTabs({ tabs }: { tabs: Record<string, ReactNode> }) {
  const names = Object.keys(tabs) as [string, ...string[]];
  const [tab, setTab] = useUrlChoice('tab', names);
  return (
    <Tabs value={tab} onChange={(value) => setTab(value ?? names[0])} keepMounted={false}>
      <Tabs.List>
        {names.map((name) => (
          <Tabs.Tab key={name} value={name} tt="capitalize">
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {Object.entries(tabs).map(([name, content]) => (
        <Tabs.Panel key={name} value={name} pt="md">
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function EvaluationSummary({ job, progress }: { job: Job; progress: EvaluationProgress | undefined }) {
  const { evaluation } = job;
  const version = evaluation?.resolved?.version ?? '';
  const done = progress === undefined ? 0 : 100 * scored(progress);
  return (
    <>
      <Facts
        facts={[
          ['State', <JobBadge key="state" state={job.state} />],
          ['Kind', enumLabel(JobKind, job.kind)],
          [
            'Version',
            version && (
              <Anchor key="version" component={Link} href={`/${modelName(version)}?tab=evaluations`}>
                {versionLabel(version)}
              </Anchor>
            ),
          ],
          ['Suite', evaluation?.resolved?.suiteRevision.replace('suites/', '')],
          ['Rows', progress && `${count(progress.rows)} of ${count(progress.totalRows)}`],
          ['Rows/s', progress && figure(progress.rowsPerSecond)],
          ['Engine', evaluation?.engine],
          ['Owner', job.owner],
          ['Created', time(job.createTime)],
        ]}
      />
      {job.message !== '' && <Alert color="gray">{job.message}</Alert>}
      {progress && !ENDED.includes(job.state) && <Text size="sm">{evaluationProgress(progress)}</Text>}
      {progress && <Progress value={done} aria-label={`${done.toFixed(0)} % done`} />}
    </>
  );
}

function Results({ results }: { results: TaskResult[] }) {
  if (results.length === 0) {
    return <Text c="dimmed">No task is finished yet.</Text>;
  }
  return (
    <Table.ScrollContainer minWidth={500}>
      <Table striped aria-label="Results">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Task</Table.Th>
            <Table.Th>Rows</Table.Th>
            <Table.Th>Metrics (95 %)</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map(({ task, rows, metrics }) => (
            <Table.Tr key={task}>
              <Table.Td>{task}</Table.Td>
              <Table.Td>{String(rows)}</Table.Td>
              <Table.Td>
                {metrics.map((metric) => (
                  <div key={metric.metric}>{interval(metric)}</div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function TrainingSummary({ job, progress }: { job: Job; progress: RunProgress | undefined }) {
  const done = 100 * (progress?.done ?? 0);
  return (
    <>
      <Facts
        facts={[
          ['State', <JobBadge key="state" state={job.state} />],
          ['Kind', enumLabel(JobKind, job.kind)],
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
