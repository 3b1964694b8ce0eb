import { Checkbox, Group, SegmentedControl, Slider, Text } from '@mantine/core';
import { useUrlChoice, useUrlState } from '../../lib/url';
import { AXES, type Axis } from './curves';

export interface CurveSettings {
  axis: Axis;
  smoothing: number;
  logarithmic: boolean;
}

/** Axes and smoothing of all charts of a page, in its address. */
export function useCurveSettings(): [CurveSettings, (settings: Partial<CurveSettings>) => void] {
  const [axis, setAxis] = useUrlChoice<Axis>('x', AXES);
  const [smoothing, setSmoothing] = useUrlState('smooth', '0');
  const [scale, setScale] = useUrlChoice<'linear' | 'log'>('y', ['linear', 'log']);
  const settings = {
    axis,
    smoothing: Math.min(0.99, Math.max(0, Number(smoothing) || 0)),
    logarithmic: scale === 'log',
  };
  return [
    settings,
    (change) => {
      if (change.axis !== undefined) setAxis(change.axis);
      if (change.smoothing !== undefined) setSmoothing(String(change.smoothing));
      if (change.logarithmic !== undefined) setScale(change.logarithmic ? 'log' : 'linear');
    },
  ];
}

export function CurveControls({
  settings,
  change,
}: {
  settings: CurveSettings;
  change: (settings: Partial<CurveSettings>) => void;
}) {
  return (
    <Group gap="lg">
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis"
        value={settings.axis}
        onChange={(axis) => change({ axis })}
        data={[
          { value: 'step', label: 'Step' },
          { value: 'tokens', label: 'Tokens' },
          { value: 'time', label: 'Time' },
          { value: 'dollars', label: 'Dollars' },
        ]}
      />
      <Group gap="xs">
        <Text size="sm" id="smoothing">
          Smoothing
        </Text>
        <Slider
          w={140}
          min={0}
          max={0.99}
          step={0.01}
          value={settings.smoothing}
          thumbProps={{ 'aria-labelledby': 'smoothing' }}
          onChange={(smoothing) => change({ smoothing })}
        />
      </Group>
      <Checkbox
        label="Logarithmic"
        checked={settings.logarithmic}
        onChange={(event) => change({ logarithmic: event.currentTarget.checked })}
      />
    </Group>
  );
}
