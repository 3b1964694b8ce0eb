import { Button, Group, Paper, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { inference } from '../../api/clients';
import { ToolMode } from '../../gen/rootstock/inference/v1/chat_pb';
import { AnswerColumn } from './AnswerColumn';
import { CopyRequest } from './CopyRequest';
import { options, type Sampling } from './SamplingOptions';
import { apiFields, functions, isValid, type Structure } from './Structure';
import { useStream } from './useStream';

/** A question with the answer of each model; an answer that only calls functions is empty. */
interface Round {
  question: string;
  answers: string[];
}

/** A conversation with one model, or with two side by side, each of which sees its own answers. */
export function Chat({ models, sampling, structure }: { models: string[]; sampling: Sampling; structure: Structure }) {
  const [system, setSystem] = useState('');
  const [rounds, setRounds] = useState<Round[]>([]);
  const [draft, setDraft] = useState('');
  const first = useStream();
  const second = useStream();
  const streams = [first, second].slice(0, models.length);
  const running = streams.some(({ answer }) => answer.running);
  const messages = (all: Round[], column: number) => [
    ...(system === '' ? [] : [{ role: 'system', content: system }]),
    ...all.flatMap(({ question, answers }) => [
      { role: 'user', content: question },
      ...(answers[column] ? [{ role: 'assistant', content: answers[column] }] : []),
    ]),
  ];
  const send = async () => {
    if (draft.trim() === '' || running || !isValid(structure)) {
      return;
    }
    const asked = [...rounds, { question: draft, answers: [] }];
    setRounds(asked);
    setDraft('');
    const tools = functions(structure.tools);
    const answers = await Promise.all(
      streams.map(({ run }, column) =>
        run((signal) =>
          inference.chatStream(
            {
              model: models[column] ?? '',
              messages: messages(asked, column),
              options: options(sampling, structure.schema),
              ...(tools.length === 0
                ? {}
                : { tools: { tools, mode: structure.required ? ToolMode.REQUIRED : ToolMode.AUTO } }),
            },
            { signal },
          ),
        ),
      ),
    );
    // A new chat may have begun meanwhile.
    setRounds((before) => (before === asked ? [...rounds, { question: draft, answers }] : before));
  };
  return (
    <Stack>
      <TextInput label="System prompt" value={system} onChange={(event) => setSystem(event.currentTarget.value)} />
      {rounds.map(({ question, answers }, position) => (
        // Rounds are only appended: their position identifies them.
        // oxlint-disable-next-line react/no-array-index-key
        <Stack key={position} gap="xs">
          <Said who="user" text={question} />
          <SimpleGrid cols={{ base: 1, md: models.length }}>
            {answers.map((text, column) => (
              <Said key={models[column]} who={models.length > 1 ? (models[column] ?? '') : 'assistant'} text={text} />
            ))}
          </SimpleGrid>
        </Stack>
      ))}
      <SimpleGrid cols={{ base: 1, md: models.length }}>
        {streams.map(({ answer }, column) => (
          <AnswerColumn key={models[column]} title={models.length > 1 ? models[column] : undefined} answer={answer} />
        ))}
      </SimpleGrid>
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
        <Button loading={running} disabled={!isValid(structure)} onClick={() => void send()}>
          Send
        </Button>
        {running && (
          <Button variant="default" onClick={() => streams.forEach(({ stop }) => stop())}>
            Stop
          </Button>
        )}
        <Button
          variant="default"
          onClick={() => {
            streams.forEach(({ stop, clear }) => {
              stop();
              clear();
            });
            setRounds([]);
          }}
        >
          New chat
        </Button>
        <CopyRequest
          request={{
            path: '/v1/chat/completions',
            body: {
              model: models[0],
              messages: messages(draft === '' ? rounds : [...rounds, { question: draft, answers: [] }], 0),
              max_tokens: sampling.maxTokens,
              temperature: sampling.temperature,
              top_p: sampling.topP,
              ...apiFields(structure),
            },
          }}
        />
      </Group>
    </Stack>
  );
}

function Said({ who, text }: { who: string; text: string }) {
  return (
    <Paper withBorder p="xs">
      <Text size="xs" c="dimmed">
        {who}
      </Text>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Text>
    </Paper>
  );
}
