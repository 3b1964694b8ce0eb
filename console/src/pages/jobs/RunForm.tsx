import {
  Alert,
  Autocomplete,
  Button,
  Group,
  JsonInput,
  NumberInput,
  Select,
  SimpleGrid,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { datasets, jobs, trainer } from '../../api/clients';
import { MAX_PAGE } from '../../api/lists';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { JobPriority, type JobSpec } from '../../gen/rootstock/registry/v1/job_pb';
import type { Estimate } from '../../gen/rootstock/trainer/v1/run_pb';
import { Task } from '../../gen/rootstock/trainer/v1/run_pb';
import { bytes, count, dollars, duration, enumLabel, id } from '../../lib/format';
import { check, type Draft, draftOf, EMPTY, runSpec, specOf } from './plan';

const TASKS = [Task.PRETRAIN, Task.INSTRUCTION, Task.CLASSIFICATION, Task.PREFERENCE].map((task) => ({
  value: String(task),
  label: enumLabel(Task, task),
}));
const PRIORITIES = [JobPriority.LOW, JobPriority.NORMAL, JobPriority.HIGH].map((priority) => ({
  value: String(priority),
  label: enumLabel(JobPriority, priority),
}));

/** Starts a run of any kind: a new one, or with ?from=JOB one like an earlier run. */
export default function RunForm() {
  const [parameters] = useSearchParams();
  const from = parameters.get('from') ?? '';
  const original = useQuery({
    queryKey: ['job', `jobs/${from}`],
    queryFn: () => jobs.getJob({ name: `jobs/${from}` }),
    enabled: from !== '',
    staleTime: Infinity,
  });
  return (
    <Page title={from === '' ? 'New training' : `New training like ${from}`}>
      <Failure failure={original.error} />
      {(from === '' || original.data) && <Form original={original.data?.job?.spec} />}
    </Page>
  );
}

function Form({ original }: { original: JobSpec | undefined }) {
  const [draft, setDraft] = useState<Draft>(() => (original === undefined ? EMPTY : draftOf(original)));
  const [, navigate] = useLocation();
  // One id for one form: a repeated click starts one run.
  const requestId = useRef(crypto.randomUUID());
  const known = useQuery({
    queryKey: ['datasets', 'names'],
    queryFn: () => datasets.listDatasets({ pageSize: MAX_PAGE }),
  });
  const estimate = useMutation({
    mutationFn: async () => {
      const spec = specOf(draft, original);
      await check(spec);
      return trainer.estimateRun({ spec: await runSpec(spec) });
    },
  });
  const start = useMutation({
    mutationFn: async () => jobs.createJob({ spec: specOf(draft, original), requestId: requestId.current }),
    onSuccess: (response) => navigate(`/jobs/${id(response.job?.name ?? '')}`),
    onError: () => {
      requestId.current = crypto.randomUUID();
    },
  });
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        <Select
          label="Task"
          data={TASKS}
          allowDeselect={false}
          value={String(draft.task)}
          onChange={(value) => set({ task: Number(value) as Task })}
        />
        <Autocomplete
          label="Dataset"
          data={known.data?.datasets.map((dataset) => dataset.name) ?? []}
          value={draft.dataset}
          onChange={(dataset) => set({ dataset })}
        />
        <TextInput
          label="Base"
          description="models/NAME@ALIAS; empty: random weights"
          inputWrapperOrder={['label', 'input', 'description']}
          value={draft.base}
          onChange={(event) => set({ base: event.currentTarget.value })}
        />
        <TextInput
          label="Output model"
          placeholder="models/NAME"
          required
          value={draft.outputModel}
          onChange={(event) => set({ outputModel: event.currentTarget.value })}
        />
        <NumberInput
          label="Cost limit in dollars"
          description="0: none"
          inputWrapperOrder={['label', 'input', 'description']}
          min={0}
          value={draft.maxCostDollars}
          onChange={(value) => set({ maxCostDollars: Number(value) || 0 })}
        />
        <Select
          label="Priority"
          data={PRIORITIES}
          allowDeselect={false}
          value={String(draft.priority)}
          onChange={(value) => set({ priority: Number(value) as JobPriority })}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }} mt="md">
        <JsonInput
          label="Hyperparameters"
          description="JSON; fields that are left out get defaults"
          formatOnBlur
          autosize
          minRows={8}
          value={draft.hyperparameters}
          onChange={(hyperparameters) => set({ hyperparameters })}
        />
        <JsonInput
          label="Architecture"
          description="JSON; pre-training from random weights only"
          formatOnBlur
          autosize
          minRows={8}
          value={draft.architecture}
          onChange={(architecture) => set({ architecture })}
        />
      </SimpleGrid>
      <Group my="md">
        <Button variant="default" loading={estimate.isPending} onClick={() => estimate.mutate()}>
          Check and estimate
        </Button>
        <Button type="submit" loading={start.isPending}>
          Start
        </Button>
      </Group>
      <Failure failure={estimate.error ?? start.error} />
      {estimate.data?.estimate && <EstimateFacts estimate={estimate.data.estimate} />}
      {estimate.data?.defaultReasons.map((reason) => (
        <Alert key={reason} color="gray" mt="xs">
          {reason}
        </Alert>
      ))}
    </form>
  );
}

function EstimateFacts({ estimate }: { estimate: Estimate }) {
  return (
    <Facts
      facts={[
        ['Parameters', count(estimate.parameters)],
        ['Tokens', count(estimate.tokens)],
        ['FLOPs', estimate.flops.toExponential(2)],
        ['Memory', bytes(estimate.memoryBytes)],
        ['Time', duration(estimate.seconds)],
        ['Cost', dollars(estimate.dollars)],
        ['Device', estimate.device],
        ['Assumed MFU', `${(100 * estimate.utilization).toFixed(0)} %`],
      ]}
    />
  );
}
