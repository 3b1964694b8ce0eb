import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { MetricSeriesSchema } from '../../src/gen/rootstock/registry/v1/metric_pb';
import { curves, ordered } from '../../src/pages/jobs/curves';

function series(metric: string, ...points: [number, number][]) {
  return create(MetricSeriesSchema, {
    metric,
    points: points.map(([step, value]) => ({ step: BigInt(step), value, time: { seconds: BigInt(1000 + step) } })),
  });
}

const run = [
  series('cost/dollars_spent', [10, 0.1], [20, 0.2]),
  series('training/loss', [10, 5], [20, 4]),
  series('training/tokens', [10, 2000], [20, 4000]),
  series('validation/loss', [0, 6], [15, 4.5], [20, 4.2]),
];

test('a metric is drawn by step, tokens, time and cost', () => {
  const x = (axis: 'step' | 'tokens' | 'time' | 'dollars') =>
    curves('a', run, 'validation/loss', axis, 0).map((curve) => curve.points.x);
  expect(x('step')).toEqual([[0, 15, 20]]);
  expect(x('tokens')).toEqual([[0, 3000, 4000]]);
  expect(x('time')).toEqual([[1000, 1015, 1020]]);
  expect(x('dollars')[0]?.[1]).toBeCloseTo(0.15);
});

test('a run without a price has no curves by cost, an old one none by tokens', () => {
  const free = [series('cost/dollars_spent', [10, 0]), series('training/loss', [10, 5])];
  expect(curves('a', free, 'training/loss', 'dollars', 0)).toEqual([]);
  expect(curves('a', free, 'training/loss', 'tokens', 0)).toEqual([]);
  expect(curves('a', free, 'training/loss', 'step', 0)).toHaveLength(1);
});

test('smoothed curves have their values behind; metrics of axes are no charts', () => {
  expect(curves('a', run, 'training/loss', 'step', 0.5).map((curve) => curve.label)).toEqual(['a', 'a (values)']);
  expect(ordered(run.map((each) => each.metric))).toEqual(['training/loss', 'validation/loss']);
});
