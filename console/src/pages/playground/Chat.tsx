import { Button, Group, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { inference } from '../../api/clients';
import { AnswerFacts } from './AnswerFacts';
import { curl } from './curl';
import { CopyButton } from './Playground';
import { options, type Sampling } from './SamplingOptions';
import { Tokens } from './Tokens';
import { useStream } from './useStream';

interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

export function Chat({ model, sampling }: { model: string; sampling: Sampling }) {
  const [system, setSystem] = useState('');
  const [turns, setTurns] = useState<Turn[]>([]);
  const [draft, setDraft] = useState('');
  const { answer, run, stop, clear } = useStream();
  const messages = (all: Turn[]) => [...(system === '' ? [] : [{ role: 'system', content: system }]), ...all];
  const send = async () => {
    if (draft.trim() === '' || answer.running) {
      return;
    }
    const asked: Turn[] = [...turns, { role: 'user', content: draft }];
    setTurns(asked);
    setDraft('');
    const text = await run((signal) =>
      inference.chatStream({ model, messages: messages(asked), options: options(sampling) }, { signal }),
    );
    if (text !== '') {
      setTurns([...asked, { role: 'assistant', content: text }]);
    }
  };
  return (
    <Stack>
      <TextInput label="System prompt" value={system} onChange={(event) => setSystem(event.currentTarget.value)} />
      {turns.map((turn, position) => (
        // Turns are only appended: their position identifies them.
        // oxlint-disable-next-line react/no-array-index-key
        <Paper key={position} withBorder p="xs">
          <Text size="xs" c="dimmed">
            {turn.role}
          </Text>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {turn.content}
          </Text>
        </Paper>
      ))}
      <Tokens tokens={answer.tokens} />
      <AnswerFacts answer={answer} />
      <Textarea
        label="Message"
        description="Enter sends, Shift+Enter begins a line"
        autosize
        minRows={2}
        maxRows={10}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            void send();
          }
        }}
      />
      <Group>
        <Button loading={answer.running} onClick={() => void send()}>
          Send
        </Button>
        {answer.running && (
          <Button variant="default" onClick={stop}>
            Stop
          </Button>
        )}
        <Button
          variant="default"
          onClick={() => {
            stop();
            clear();
            setTurns([]);
          }}
        >
          New chat
        </Button>
        <CopyButton
          label="Copy for curl"
          text={curl('/v1/chat/completions', {
            model,
            messages: messages(turns),
            max_tokens: sampling.maxTokens,
            temperature: sampling.temperature,
            top_p: sampling.topP,
          })}
        />
      </Group>
    </Stack>
  );
}
