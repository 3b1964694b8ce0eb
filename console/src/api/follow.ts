import { isTransient } from './errors';

/** Position in a stream, such as a resume token; empty: the beginning. */
export type Position = string;

export interface Follow<M> {
  /** Opens the stream after a position. */
  open: (position: Position, signal: AbortSignal) => AsyncIterable<M>;
  /** The position after a message, if it has one. */
  position: (message: M) => Position;
  /** Receives each message once, in order. */
  receive: (message: M) => void;
  /** Receives whether the stream is connected. */
  connected: (connected: boolean) => void;
  signal: AbortSignal;
  /** Waits; replaced in tests. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;

/**
 * Follows a stream across lost connections and restarted services: opens it again after the last position, with growing
 * delays. Returns when the stream has ended or the signal is aborted; throws a failure that a repetition cannot mend.
 */
export async function follow<M>(options: Follow<M>): Promise<void> {
  const wait = options.wait ?? delay;
  let position: Position = '';
  let pause = FIRST_DELAY;
  while (!options.signal.aborted) {
    try {
      for await (const message of options.open(position, options.signal)) {
        options.connected(true);
        pause = FIRST_DELAY;
        position = options.position(message) || position;
        options.receive(message);
      }
      return;
    } catch (failure) {
      if (options.signal.aborted) {
        return;
      }
      options.connected(false);
      if (!isTransient(failure)) {
        throw failure;
      }
      await wait(pause, options.signal);
      pause = Math.min(LONGEST_DELAY, pause * 2);
    }
  }
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
