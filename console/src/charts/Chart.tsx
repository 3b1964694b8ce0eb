import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { join, type Points } from '../lib/series';

export interface Curve {
  label: string;
  points: Points;
  /** Drawn faintly, such as the values behind a smoothed curve. */
  faint?: boolean;
}

const COLORS = [
  '#12b886',
  '#228be6',
  '#fa5252',
  '#fab005',
  '#be4bdb',
  '#fd7e14',
  '#40c057',
  '#15aabf',
  '#e64980',
  '#868e96',
];

export interface ChartProps {
  title: string;
  curves: Curve[];
  /** x is in seconds since 1970. */
  byTime: boolean;
  logarithmic: boolean;
  height?: number;
}

/** Curves on one pair of axes. A table of the last values is its text for screen readers. */
export function Chart({ title, curves, byTime, logarithmic, height = 240 }: ChartProps) {
  const { ref, width } = useElementSize();
  const plot = useRef<uPlot | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const table = join(curves.map((curve) => curve.points));
  const shape = JSON.stringify([curves.map((curve) => [curve.label, curve.faint]), byTime, logarithmic, scheme]);

  useEffect(() => {
    if (host.current === null || width === 0) {
      return undefined;
    }
    plot.current = new uPlot(
      options(JSON.parse(shape) as Shape, title, width, height),
      // The next effect sets the data.
      undefined,
      host.current,
    );
    return () => plot.current?.destroy();
  }, [shape, title, width, height]);

  useEffect(() => {
    plot.current?.setData(table as uPlot.AlignedData);
  });

  const summary = curves
    .filter((curve) => curve.faint !== true)
    .map((curve) => `${curve.label}: ${curve.points.y.at(-1) ?? 'no value'}`)
    .join('; ');
  return (
    <figure ref={ref} style={{ margin: 0 }} aria-label={`${title}. ${summary}`}>
      <div ref={host} aria-hidden="true" />
    </figure>
  );
}

type Shape = [[string, boolean | undefined][], boolean, boolean, 'light' | 'dark'];

function options(shape: Shape, title: string, width: number, height: number): uPlot.Options {
  const [curves, byTime, logarithmic, scheme] = shape;
  const text = scheme === 'dark' ? '#c9c9c9' : '#333';
  const grid = { stroke: scheme === 'dark' ? '#424242' : '#e9ecef', width: 1 };
  let color = -1;
  return {
    title,
    width,
    height,
    scales: { x: { time: byTime }, y: { distr: logarithmic ? 3 : 1 } },
    axes: [
      { stroke: text, grid },
      { stroke: text, grid, size: 60 },
    ],
    series: [
      {},
      ...curves.map(([label, faint]) => {
        color += faint === true && curves.length > 1 ? 0 : 1;
        const stroke = COLORS[Math.max(0, color) % COLORS.length] ?? text;
        return faint === true
          ? { label, stroke: `${stroke}55`, width: 1, spanGaps: true, points: { show: false } }
          : { label, stroke, width: 1.5, spanGaps: true, points: { show: false } };
      }),
    ],
  };
}
