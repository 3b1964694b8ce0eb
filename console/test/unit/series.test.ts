import { expect, test } from 'vitest';
import { interpolate, join, smooth } from '../../src/lib/series';

test('smoothing corrects its start, as TensorBoard does', () => {
  expect(smooth([1, 2, 3], 0)).toEqual([1, 2, 3]);
  const smoothed = smooth([2, 4, 4], 0.5);
  expect(smoothed[0]).toBeCloseTo(2);
  expect(smoothed[1]).toBeCloseTo((0.25 * 2 + 0.5 * 4) / 0.75);
  expect(smoothed[2]).toBeCloseTo((0.125 * 2 + 0.25 * 4 + 0.5 * 4) / 0.875);
});

test('values that are not finite stay and do not spoil later ones', () => {
  const smoothed = smooth([1, Number.NaN, 1], 0.9);
  expect(smoothed[1]).toBeNaN();
  expect(smoothed[2]).toBeCloseTo(1);
});

test('curves with different steps share one axis', () => {
  expect(
    join([
      { x: [1, 3], y: [10, 30] },
      { x: [2, 3], y: [200, Number.POSITIVE_INFINITY] },
    ]),
  ).toEqual([
    [1, 2, 3],
    [10, null, 30],
    [null, 200, null],
  ]);
});

test('values between two steps are linear, and constant after the last one', () => {
  const tokens = { x: [10, 20], y: [100, 300] };
  expect(interpolate(tokens, [0, 5, 10, 15, 20, 25])).toEqual([0, 50, 100, 200, 300, 300]);
  expect(interpolate({ x: [0, 10], y: [0, 100] }, [0, 5])).toEqual([0, 50]);
});
