import { Anchor, Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link, useLocation } from 'wouter';
import { may, useCaller } from '../../api/caller';
import { jobList } from '../../api/lists';
import { useWatchedList } from '../../api/useWatchedList';
import { Failure } from '../../components/Failure';
import { JobBadge } from '../../components/JobBadge';
import { Page } from '../../components/Page';
import { VirtualTable } from '../../components/VirtualTable';
import { Role } from '../../gen/rootstock/access/v1/access_pb';
import type { Job } from '../../gen/rootstock/registry/v1/job_pb';
import { JobKind, JobState } from '../../gen/rootstock/job/v1/job_state_pb';
import { Task } from '../../gen/rootstock/trainer/v1/run_pb';
import { enumLabel, figure, id, time, versionLabel } from '../../lib/format';
import { useUrlState } from '../../lib/url';
import { scored } from './text';

/** Trainings that can be compared. */
const MOST_SELECTED = 10;
const KINDS = choices(JobKind);
const STATES = choices(JobState);

function choices(values: Record<number, string | number>) {
  return Object.values(values)
    .filter((value): value is number => typeof value === 'number' && value !== 0)
    .map((value) => ({ value: String(value), label: enumLabel(values, value) }));
}

/** Jobs of every kind, newest first; more are loaded as the list is scrolled. */
export default function JobList() {
  const [kind, setKind] = useUrlState('kind', '');
  const [state, setState] = useUrlState('state', '');
  const [filter, setFilter] = useUrlState('filter', '');
  const [selected, setSelected] = useUrlState('selected', '');
  const [, navigate] = useLocation();
  const caller = useCaller();
  const chosen = selected === '' ? [] : selected.split(',');
  const search = useDebouncedCallback(setFilter, 300);
  const { list, failure, more, retry } = useWatchedList(jobList, {
    kinds: kind === '' ? [] : [Number(kind)],
    states: state === '' ? [] : [Number(state)],
    filter,
  });
  const toggle = (job: string) =>
    setSelected((chosen.includes(job) ? chosen.filter((each) => each !== job) : [...chosen, job]).join(','));
  return (
    <Page
      title="Jobs"
      actions={
        <>
          {may(caller.data, Role.TRAINER) && (
            <Button size="compact-sm" component={Link} href="/jobs/new">
              New training
            </Button>
          )}
          <Button
            size="compact-sm"
            disabled={chosen.length < 2}
            onClick={() => navigate(`/jobs/compare?jobs=${selected}`)}
          >
            Compare {chosen.length}
          </Button>
        </>
      }
    >
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        <Select
          aria-label="Kind"
          placeholder="All kinds"
          clearable
          data={KINDS}
          value={kind || null}
          onChange={(value) => setKind(value ?? '')}
        />
        <Select
          aria-label="State"
          placeholder="All states"
          clearable
          data={STATES}
          value={state || null}
          onChange={(value) => setState(value ?? '')}
        />
        <TextInput
          aria-label="Filter"
          placeholder="Filter, such as dataset = datasets/prose"
          defaultValue={filter}
          w={340}
          maxLength={2000}
          onChange={(event) => search(event.currentTarget.value)}
        />
      </div>
      <Failure failure={failure} retry={retry} />
      <VirtualTable
        label="Jobs"
        rows={list?.items ?? []}
        rowKey={(job) => job.name}
        more={more}
        empty={
          list === undefined ? 'Loading …' : kind + state + filter === '' ? 'No jobs.' : 'No job matches the filters.'
        }
        columns={[
          {
            header: 'Compare',
            width: 70,
            cell: (job) =>
              job.kind !== JobKind.EVALUATE && (
                <Checkbox
                  aria-label={`Compare ${job.name}`}
                  checked={chosen.includes(id(job.name))}
                  disabled={chosen.length >= MOST_SELECTED && !chosen.includes(id(job.name))}
                  onChange={() => toggle(id(job.name))}
                />
              ),
          },
          {
            header: 'Job',
            width: 220,
            cell: (job) => (
              <Anchor component={Link} href={`/jobs/${id(job.name)}`} size="sm">
                {id(job.name)}
              </Anchor>
            ),
          },
          { header: 'State', width: 130, cell: (job) => <JobBadge state={job.state} /> },
          { header: 'Kind', width: 90, cell: (job) => enumLabel(JobKind, job.kind) },
          { header: 'Task', width: 130, cell: task },
          {
            header: 'Model',
            width: 140,
            cell: ({ evaluation, spec }) =>
              evaluation === undefined ? id(spec?.outputModel ?? '') : versionLabel(evaluation.resolved?.version ?? ''),
          },
          { header: 'Result', width: 150, cell: result },
          { header: 'Done', width: 60, cell: (job) => `${(100 * done(job)).toFixed(0)} %` },
          { header: 'Created', width: 160, cell: (job) => time(job.createTime) },
          { header: 'Owner', width: 130, cell: (job) => job.owner },
        ]}
      />
    </Page>
  );
}

function task({ evaluation, spec }: Job): string {
  return evaluation === undefined
    ? enumLabel(Task, spec?.task ?? 0)
    : (evaluation.spec?.suite ?? '').replace('suites/', '');
}

/** The loss of a training, or the first metric of an evaluation's first task. */
function result({ evaluation, progress }: Job): string {
  const metric = evaluation?.results[0]?.metrics[0] ?? evaluation?.progress?.running;
  if (metric !== undefined) {
    return `${metric.metric} ${figure(metric.value)}`;
  }
  return progress === undefined ? '–' : `loss ${figure(progress.loss)}`;
}

function done({ evaluation, progress }: Job): number {
  return evaluation?.progress === undefined ? (progress?.done ?? 0) : scored(evaluation.progress);
}
