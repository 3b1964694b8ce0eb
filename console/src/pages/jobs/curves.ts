import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { MetricSeries } from '../../gen/rootstock/registry/v1/metric_pb';
import type { Curve } from '../../charts/Chart';
import { interpolate, smooth } from '../../lib/series';

export const AXES = ['step', 'tokens', 'time', 'dollars'] as const;
export type Axis = (typeof AXES)[number];

/** Metrics that are horizontal axes of the others, and not charts. */
const OF_AXES: Partial<Record<Axis, string>> = { tokens: 'training/tokens', dollars: 'cost/dollars_spent' };

/** Metrics in the order of their charts; others follow by name. */
const FIRST = [
  'training/loss',
  'validation/loss',
  'validation/bits_per_byte',
  'training/learning_rate',
  'training/gradient_norm',
  'speed/tokens_per_second',
  'speed/model_flops_utilization',
];

/** The names of metrics in the order of their charts. */
export function ordered(metrics: Iterable<string>): string[] {
  const rank = (metric: string) => (FIRST.includes(metric) ? FIRST.indexOf(metric) : FIRST.length);
  return [...new Set(metrics)]
    .filter((metric) => !Object.values(OF_AXES).includes(metric))
    .toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The curves of a metric of a run: smoothed, with its values behind; none if the run does not report the axis. */
export function curves(label: string, run: MetricSeries[], metric: string, axis: Axis, smoothing: number): Curve[] {
  const series = run.find((each) => each.metric === metric);
  const x = series && positions(series, run, axis);
  if (series === undefined || x === undefined) {
    return [];
  }
  const y = series.points.map((point) => point.value);
  const smoothed: Curve = { label, points: { x, y: smooth(y, smoothing) } };
  return smoothing > 0 ? [smoothed, { label: `${label} (values)`, points: { x, y }, faint: true }] : [smoothed];
}

function positions(series: MetricSeries, run: MetricSeries[], axis: Axis): number[] | undefined {
  switch (axis) {
    case 'step':
      return steps(series);
    case 'time':
      return series.points.map((point) => (point.time === undefined ? 0 : timestampMs(point.time) / 1000));
    case 'tokens':
    case 'dollars': {
      const scale = run.find((each) => each.metric === OF_AXES[axis]);
      // Without a price, the cost stays 0.
      return scale === undefined || !((scale.points.at(-1)?.value ?? 0) > 0)
        ? undefined
        : interpolate({ x: steps(scale), y: scale.points.map((point) => point.value) }, steps(series));
    }
  }
}

function steps(series: MetricSeries): number[] {
  return series.points.map((point) => Number(point.step));
}
