import { clone, create, fromJsonString, type JsonValue, toJson } from '@bufbuild/protobuf';
import { datasets, jobs, models } from '../../api/clients';
import { JobPriority, type JobSpec, JobSpecSchema } from '../../gen/rootstock/registry/v1/job_pb';
import { ArchitectureSchema } from '../../gen/rootstock/trainer/v1/architecture_pb';
import { ArtifactKind } from '../../gen/rootstock/trainer/v1/artifact_pb';
import { HyperparametersSchema } from '../../gen/rootstock/trainer/v1/hyperparameters_pb';
import { type RunSpec, RunSpecSchema, Task } from '../../gen/rootstock/trainer/v1/run_pb';

/** Fields of the form; the last two are JSON of their messages. */
export interface Draft {
  task: Task;
  dataset: string;
  base: string;
  outputModel: string;
  maxCostDollars: number;
  priority: JobPriority;
  hyperparameters: string;
  architecture: string;
}

export const EMPTY: Draft = {
  task: Task.PRETRAIN,
  dataset: '',
  base: '',
  outputModel: '',
  maxCostDollars: 0,
  priority: JobPriority.NORMAL,
  hyperparameters: '{}',
  architecture: '{}',
};

function json(value: JsonValue | undefined): string {
  return JSON.stringify(value ?? {}, null, 2);
}

/** The form of a job that is started again with changes. Settings that the form does not show are kept. */
export function draftOf(spec: JobSpec): Draft {
  return {
    task: spec.task,
    dataset: spec.dataset,
    base: spec.base,
    outputModel: spec.outputModel,
    maxCostDollars: spec.maxCostDollars,
    priority: spec.priority === JobPriority.UNSPECIFIED ? JobPriority.NORMAL : spec.priority,
    hyperparameters: json(spec.hyperparameters && toJson(HyperparametersSchema, spec.hyperparameters)),
    architecture: json(spec.architecture && toJson(ArchitectureSchema, spec.architecture)),
  };
}

/**
 * The job of a form.
 *
 * @param original the job that is started again; its other settings are kept
 * @throws Error that names the field whose JSON is invalid
 */
export function specOf(draft: Draft, original?: JobSpec): JobSpec {
  const pretrains = draft.task === Task.PRETRAIN && draft.base === '';
  const spec = original === undefined ? create(JobSpecSchema) : clone(JobSpecSchema, original);
  return Object.assign(spec, {
    task: draft.task,
    dataset: draft.dataset,
    base: draft.base,
    outputModel: draft.outputModel,
    maxCostDollars: draft.maxCostDollars,
    priority: draft.priority,
    hyperparameters: named('Hyperparameters', () =>
      fromJsonString(HyperparametersSchema, draft.hyperparameters || '{}'),
    ),
    architecture: pretrains
      ? named('Architecture', () => fromJsonString(ArchitectureSchema, draft.architecture || '{}'))
      : undefined,
  });
}

function named<T>(field: string, parse: () => T): T {
  try {
    return parse();
  } catch (failure) {
    throw new Error(`${field}: ${failure instanceof Error ? failure.message : String(failure)}`, { cause: failure });
  }
}

/** The job as the trainer estimates it: names are resolved to digests. */
export async function runSpec(spec: JobSpec): Promise<RunSpec> {
  const dataset = spec.dataset === '' ? undefined : (await datasets.getDataset({ name: spec.dataset })).dataset;
  const base = spec.base === '' ? undefined : (await models.getVersion({ name: spec.base })).version;
  return create(RunSpecSchema, {
    task: spec.task,
    datasetDigest: dataset?.digest ?? '',
    baseDigest: base?.artifacts.find((artifact) => artifact.kind === ArtifactKind.HUGGING_FACE)?.digest ?? '',
    architecture: spec.architecture,
    hyperparameters: spec.hyperparameters,
    dollarsPerHour: spec.dollarsPerHour,
  });
}

/** Lets the registry check a job without creating it. */
export function check(spec: JobSpec) {
  return jobs.createJob({ spec, validateOnly: true });
}
