import { useCallback, useEffect, useRef, useState } from 'react';
import type { ToolCall } from '../../gen/rootstock/inference/v1/chat_pb';
import type { Finish, TokenLogprob } from '../../gen/rootstock/inference/v1/completion_pb';

/** A message of a streamed answer. */
export interface Delta {
  text: string;
  logprobs: TokenLogprob[];
  finish?: Finish | undefined;
  toolCalls?: ToolCall[];
}

export interface Answer {
  text: string;
  tokens: TokenLogprob[];
  /** Calls of functions. */
  calls: ToolCall[];
  finish: Finish | undefined;
  failure: unknown;
  running: boolean;
}

const EMPTY: Answer = { text: '', tokens: [], calls: [], finish: undefined, failure: undefined, running: false };

/** Streams one answer at a time; a new request, stop, and leaving the page cancel it. */
export function useStream() {
  const [answer, setAnswer] = useState(EMPTY);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const run = useCallback(async (open: (signal: AbortSignal) => AsyncIterable<Delta>): Promise<string> => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setAnswer({ ...EMPTY, running: true });
    let text = '';
    try {
      for await (const delta of open(mine.signal)) {
        text += delta.text;
        setAnswer((before) => ({
          ...before,
          text: before.text + delta.text,
          tokens: [...before.tokens, ...delta.logprobs],
          calls: [...before.calls, ...(delta.toolCalls ?? [])],
          finish: delta.finish ?? before.finish,
        }));
      }
    } catch (failure) {
      if (!mine.signal.aborted) {
        setAnswer((before) => ({ ...before, failure }));
      }
    }
    if (abort.current === mine) {
      setAnswer((before) => ({ ...before, running: false }));
    }
    return text;
  }, []);

  const stop = useCallback(() => abort.current?.abort(), []);
  const clear = useCallback(() => setAnswer(EMPTY), []);
  return { answer, run, stop, clear };
}
