import { Code, Stack, Title } from '@mantine/core';
import { AnswerFacts } from './AnswerFacts';
import { Tokens } from './Tokens';
import type { Answer } from './useStream';

/** The last answer of one model: its tokens, calls of functions, times. */
export function AnswerColumn({ title, answer }: { title: string | undefined; answer: Answer }) {
  return (
    <Stack gap="xs">
      {title !== undefined && (
        <Title order={2} size="h6">
          {title}
        </Title>
      )}
      <Tokens tokens={answer.tokens} />
      {answer.calls.map((call) => (
        <Code key={call.id} block style={{ whiteSpace: 'pre-wrap' }}>
          {call.name}({call.arguments})
        </Code>
      ))}
      <AnswerFacts answer={answer} />
    </Stack>
  );
}
