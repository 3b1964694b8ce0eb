/** Points of a curve by ascending x. */
export interface Points {
  x: number[];
  y: number[];
}

/** One column of values for each curve, on the union of all x; null where a curve has no point. */
export type Table = [number[], ...(number | null)[][]];

/**
 * Exponential moving average as in TensorBoard, with the correction of its start.
 *
 * @param weight 0: unchanged, towards 1: smoother
 */
export function smooth(values: number[], weight: number): number[] {
  if (weight <= 0) {
    return values;
  }
  let last = 0;
  let correction = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) {
      return value;
    }
    last = last * weight + (1 - weight) * value;
    correction *= weight;
    return last / (1 - correction);
  });
}

/** The values of a curve at positions, linear between its points; it starts at 0, 0 and is constant after its end. */
export function interpolate(curve: Points, positions: number[]): number[] {
  const x = [0, ...curve.x];
  const y = [0, ...curve.y];
  return positions.map((position) => {
    const after = x.findIndex((each) => each >= position);
    if (after < 0) {
      return y.at(-1) ?? 0;
    }
    const [left = 0, right = 0] = [x[after - 1], x[after]];
    const [low = 0, high = 0] = [y[after - 1], y[after]];
    return right === left || after === 0 ? high : low + ((high - low) * (position - left)) / (right - left);
  });
}

/** Joins curves for a chart. */
export function join(curves: Points[]): Table {
  const x = [...new Set(curves.flatMap((curve) => curve.x))].toSorted((a, b) => a - b);
  const index = new Map(x.map((value, position) => [value, position]));
  const columns = curves.map((curve) => {
    const column: (number | null)[] = Array.from({ length: x.length }, () => null);
    curve.x.forEach((value, position) => {
      const y = curve.y[position];
      column[index.get(value) ?? 0] = y === undefined || !Number.isFinite(y) ? null : y;
    });
    return column;
  });
  return [x, ...columns];
}
