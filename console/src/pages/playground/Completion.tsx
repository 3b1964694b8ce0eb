import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { inference } from '../../api/clients';
import { AnswerFacts } from './AnswerFacts';
import { curl } from './curl';
import { CopyButton } from './Playground';
import { options, type Sampling } from './SamplingOptions';
import { Tokens } from './Tokens';
import { useStream } from './useStream';

export function Completion({ model, sampling }: { model: string; sampling: Sampling }) {
  const [prompt, setPrompt] = useState('');
  const { answer, run, stop } = useStream();
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
          loading={answer.running}
          onClick={() =>
            void run((signal) => inference.generateStream({ model, prompt, options: options(sampling) }, { signal }))
          }
        >
          Generate
        </Button>
        {answer.running && (
          <Button variant="default" onClick={stop}>
            Stop
          </Button>
        )}
        <CopyButton
          label="Copy for curl"
          text={curl('/v1/completions', {
            model,
            prompt,
            max_tokens: sampling.maxTokens,
            temperature: sampling.temperature,
            top_p: sampling.topP,
          })}
        />
      </Group>
      <Tokens tokens={answer.tokens} />
      <AnswerFacts answer={answer} />
    </Stack>
  );
}
