import type { EvaluationProgress, MetricResult } from '../../gen/rootstock/evaluation/v1/result_pb';
import type { Job } from '../../gen/rootstock/registry/v1/job_pb';
import { count, duration, figure, id, modelName } from '../../lib/format';

/** The model that a job trains or evaluates, models/{model}; undefined if it is not known. */
export function model(job: Job): string | undefined {
  const version = job.evaluation?.resolved?.version;
  return version === undefined ? job.spec?.outputModel : modelName(version);
}

/** The id of the model that a job trains or evaluates. */
export function subject(job: Job): string {
  return id(model(job) ?? '');
}

/** A metric with its confidence interval. */
export function interval(metric: MetricResult): string {
  return `${metric.metric} ${figure(metric.value)} [${figure(metric.lower)}, ${figure(metric.upper)}]`;
}

/** The share of an evaluation's rows that are scored, 0 to 1. */
export function scored({ rows, totalRows }: EvaluationProgress): number {
  return totalRows === 0n ? 0 : Number(rows) / Number(totalRows);
}

/** An evaluation's progress in one line. */
export function evaluationProgress(progress: EvaluationProgress): string {
  const left = progress.remainingSeconds < 0 ? '' : `, ${duration(progress.remainingSeconds)} left`;
  return progress.search === undefined
    ? `${progress.task}, ${count(progress.rows)} of ${count(progress.totalRows)} rows${left}`
    : `searching the training data${left}`;
}
