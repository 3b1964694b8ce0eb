import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { MetricSeries } from '../../gen/rootstock/registry/v1/metric_pb';
import type { Curve } from '../../charts/Chart';
import { smooth } from '../../lib/series';

export type Axis = 'step' | 'time';

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
  return [...new Set(metrics)].toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The curves of a metric: smoothed, with its values behind. */
export function curves(label: string, series: MetricSeries, axis: Axis, smoothing: number): Curve[] {
  const x = series.points.map((point) =>
    axis === 'step' ? Number(point.step) : point.time === undefined ? 0 : timestampMs(point.time) / 1000,
  );
  const y = series.points.map((point) => point.value);
  const smoothed: Curve = { label, points: { x, y: smooth(y, smoothing) } };
  return smoothing > 0 ? [smoothed, { label: `${label} (values)`, points: { x, y }, faint: true }] : [smoothed];
}
