import { Button, Group, SimpleGrid, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { inference } from '../../api/clients';
import { AnswerColumn } from './AnswerColumn';
import { CopyRequest } from './CopyRequest';
import { options, type Sampling } from './SamplingOptions';
import { apiFields, isValid, type Structure } from './Structure';
import { useStream } from './useStream';

/** Completes a prompt with one model, or with two side by side. */
export function Completion({
  models,
  sampling,
  structure,
}: {
  models: string[];
  sampling: Sampling;
  structure: Structure;
}) {
  const [prompt, setPrompt] = useState('');
  const first = useStream();
  const second = useStream();
  const streams = [first, second].slice(0, models.length);
  const running = streams.some(({ answer }) => answer.running);
  return (
    <Stack>
      <Textarea
        label="Prompt"
        autosize
        minRows={4}
        maxRows={16}
        value={prompt}
        onChange={(event) => setPrompt(event.currentTarget.value)}
      />
      <Group>
        <Button
          loading={running}
          disabled={!isValid(structure)}
          onClick={() =>
            streams.forEach(
              ({ run }, column) =>
                void run((signal) =>
                  inference.generateStream(
                    { model: models[column] ?? '', prompt, options: options(sampling, structure.schema) },
                    { signal },
                  ),
                ),
            )
          }
        >
          Generate
        </Button>
        {running && (
          <Button variant="default" onClick={() => streams.forEach(({ stop }) => stop())}>
            Stop
          </Button>
        )}
        <CopyRequest
          request={{
            path: '/v1/completions',
            body: {
              model: models[0],
              prompt,
              max_tokens: sampling.maxTokens,
              temperature: sampling.temperature,
              top_p: sampling.topP,
              ...apiFields({ ...structure, tools: '' }),
            },
          }}
        />
      </Group>
      <SimpleGrid cols={{ base: 1, md: models.length }}>
        {streams.map(({ answer }, column) => (
          <AnswerColumn key={models[column]} title={models.length > 1 ? models[column] : undefined} answer={answer} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
