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
import { type Job, JobState } from '../../gen/rootstock/registry/v1/job_pb';
import { Task } from '../../gen/rootstock/trainer/v1/run_pb';
import { enumLabel, figure, id, time } from '../../lib/format';
import { useUrlState } from '../../lib/url';

/** Runs that can be compared. */
const MOST_SELECTED = 10;
const STATES = Object.values(JobState)
  .filter((state): state is JobState => typeof state === 'number' && state !== JobState.UNSPECIFIED)
  .map((state) => ({ value: String(state), label: enumLabel(JobState, state) }));

/** All runs, newest first; more are loaded as the list is scrolled. */
export default function RunList() {
  const [state, setState] = useUrlState('state', '');
  const [filter, setFilter] = useUrlState('filter', '');
  const [selected, setSelected] = useUrlState('selected', '');
  const [, navigate] = useLocation();
  const caller = useCaller();
  const chosen = selected === '' ? [] : selected.split(',');
  const search = useDebouncedCallback(setFilter, 300);
  const { list, failure, more, retry } = useWatchedList(jobList, {
    states: state === '' ? [] : [Number(state)],
    filter,
  });
  const toggle = (job: string) =>
    setSelected((chosen.includes(job) ? chosen.filter((each) => each !== job) : [...chosen, job]).join(','));
  return (
    <Page
      title="Runs"
      actions={
        <>
          {may(caller.data, Role.TRAINER) && (
            <Button size="compact-sm" component={Link} href="/runs/new">
              New run
            </Button>
          )}
          <Button
            size="compact-sm"
            disabled={chosen.length < 2}
            onClick={() => navigate(`/runs/compare?jobs=${selected}`)}
          >
            Compare {chosen.length}
          </Button>
        </>
      }
    >
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
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
        label="Runs"
        rows={list?.items ?? []}
        rowKey={(job) => job.name}
        more={more}
        empty={list === undefined ? 'Loading …' : 'No runs.'}
        columns={[
          {
            header: 'Compare',
            width: 80,
            cell: (job) => (
              <Checkbox
                aria-label={`Compare ${job.name}`}
                checked={chosen.includes(id(job.name))}
                disabled={chosen.length >= MOST_SELECTED && !chosen.includes(id(job.name))}
                onChange={() => toggle(id(job.name))}
              />
            ),
          },
          {
            header: 'Run',
            width: 260,
            cell: (job) => (
              <Anchor component={Link} href={`/runs/${id(job.name)}`} size="sm">
                {id(job.name)}
              </Anchor>
            ),
          },
          { header: 'State', width: 150, cell: (job) => <JobBadge state={job.state} /> },
          { header: 'Task', width: 120, cell: (job) => enumLabel(Task, job.spec?.task ?? 0) },
          { header: 'Model', width: 160, cell: (job) => id(job.spec?.outputModel ?? '') },
          { header: 'Loss', width: 90, cell: loss },
          { header: 'Done', width: 70, cell: (job) => `${(100 * (job.progress?.done ?? 0)).toFixed(0)} %` },
          { header: 'Created', width: 170, cell: (job) => time(job.createTime) },
          { header: 'Owner', width: 160, cell: (job) => job.owner },
        ]}
      />
    </Page>
  );
}

function loss(job: Job): string {
  return job.progress === undefined ? '–' : figure(job.progress.loss);
}
