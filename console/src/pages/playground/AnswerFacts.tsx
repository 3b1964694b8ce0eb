import { Text } from '@mantine/core';
import { Failure } from '../../components/Failure';
import { FinishReason } from '../../gen/rootstock/inference/v1/completion_pb';
import { enumLabel, versionLabel } from '../../lib/format';
import type { Answer } from './useStream';

/** Tokens, times and end of an answer, or its failure. */
export function AnswerFacts({ answer }: { answer: Answer }) {
  const finish = answer.finish;
  return (
    <div aria-live="polite">
      <Failure failure={answer.failure} />
      {finish && (
        <Text size="sm" c="dimmed">
          {versionLabel(finish.version)}: {finish.promptTokens} prompt tokens ({finish.cachedTokens} cached),{' '}
          {finish.completionTokens} generated, first after {finish.firstTokenMilliseconds.toFixed(0)} ms, last after{' '}
          {finish.totalMilliseconds.toFixed(0)} ms; {enumLabel(FinishReason, finish.reason)}
        </Text>
      )}
    </div>
  );
}
