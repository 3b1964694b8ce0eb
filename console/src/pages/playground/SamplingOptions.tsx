import { Button, NumberInput, Popover, Stack } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import {
  type GenerationOptions,
  GenerationOptionsSchema,
  SamplingSchema,
} from '../../gen/rootstock/inference/v1/completion_pb';
import { useUrlState } from '../../lib/url';

export interface Sampling {
  maxTokens: number;
  temperature: number;
  topP: number;
  topK: number;
  seed: string;
}

export function useSampling(): [Sampling, (sampling: Partial<Sampling>) => void] {
  const [maxTokens, setMaxTokens] = useUrlState('max', '256');
  const [temperature, setTemperature] = useUrlState('temperature', '0.8');
  const [topP, setTopP] = useUrlState('top_p', '0.95');
  const [topK, setTopK] = useUrlState('top_k', '40');
  const [seed, setSeed] = useUrlState('seed', '');
  return [
    { maxTokens: Number(maxTokens), temperature: Number(temperature), topP: Number(topP), topK: Number(topK), seed },
    (change) => {
      if (change.maxTokens !== undefined) setMaxTokens(String(change.maxTokens));
      if (change.temperature !== undefined) setTemperature(String(change.temperature));
      if (change.topP !== undefined) setTopP(String(change.topP));
      if (change.topK !== undefined) setTopK(String(change.topK));
      if (change.seed !== undefined) setSeed(change.seed);
    },
  ];
}

/**
 * The options of a request.
 *
 * @param schema JSON Schema of the answer; empty: any text
 */
export function options(sampling: Sampling, schema: string): GenerationOptions {
  return create(GenerationOptionsSchema, {
    maxTokens: sampling.maxTokens,
    logprobs: true,
    topLogprobs: 3,
    ...(schema.trim() === '' ? {} : { constraint: { kind: { case: 'jsonSchema' as const, value: schema } } }),
    sampling: create(SamplingSchema, {
      temperature: sampling.temperature,
      topP: sampling.topP,
      topK: sampling.topK,
      ...(sampling.seed === '' ? {} : { seed: Number(sampling.seed) }),
    }),
  });
}

export function SamplingOptions({
  sampling,
  change,
}: {
  sampling: Sampling;
  change: (sampling: Partial<Sampling>) => void;
}) {
  return (
    <Popover position="bottom-start" trapFocus>
      <Popover.Target>
        <Button variant="default">Sampling</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <NumberInput
            label="Maximum tokens"
            min={1}
            value={sampling.maxTokens}
            onChange={(value) => change({ maxTokens: Number(value) || 1 })}
          />
          <NumberInput
            label="Temperature"
            min={0}
            max={2}
            step={0.1}
            value={sampling.temperature}
            onChange={(value) => change({ temperature: Number(value) })}
          />
          <NumberInput
            label="Top p"
            min={0.01}
            max={1}
            step={0.05}
            value={sampling.topP}
            onChange={(value) => change({ topP: Number(value) })}
          />
          <NumberInput
            label="Top k"
            min={0}
            value={sampling.topK}
            onChange={(value) => change({ topK: Number(value) })}
          />
          <NumberInput
            label="Seed"
            allowNegative={false}
            allowDecimal={false}
            placeholder="Random"
            value={sampling.seed}
            onChange={(value) => change({ seed: String(value) })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
