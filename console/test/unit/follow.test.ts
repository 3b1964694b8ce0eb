import { Code, ConnectError } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { follow } from '../../src/api/follow';

interface Message {
  position: string;
}

/** A stream that fails or ends after its messages. */
async function* stream(messages: string[], failure?: Error): AsyncGenerator<Message> {
  for (const position of messages) {
    yield { position };
  }
  if (failure !== undefined) {
    throw failure;
  }
}

function run(streams: AsyncGenerator<Message>[], waits: number[] = []) {
  const opened: string[] = [];
  const received: string[] = [];
  const connected: boolean[] = [];
  const done = follow<Message>({
    open: (position) => {
      opened.push(position);
      return streams[opened.length - 1] ?? stream([]);
    },
    position: (message) => message.position,
    receive: (message) => received.push(message.position),
    connected: (now) => connected.push(now),
    signal: new AbortController().signal,
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  return { done, opened, received, connected };
}

test('a lost stream continues after its last position', async () => {
  const lost = new ConnectError('connection lost', Code.Unavailable);
  const { done, opened, received, connected } = run([stream(['1', '2'], lost), stream([], lost), stream(['3'])]);
  await done;
  expect(opened).toEqual(['', '2', '2']);
  expect(received).toEqual(['1', '2', '3']);
  expect(connected).toEqual([true, true, false, false, true]);
});

test('delays grow to fifteen seconds and begin again after a message', async () => {
  const lost = () => stream([], new ConnectError('away', Code.Unavailable));
  const waits: number[] = [];
  const streams = [...Array.from({ length: 7 }, lost), stream(['1'], new ConnectError('away', Code.Unavailable))];
  await run(streams, waits).done;
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000, 500]);
});

test('a failure that a repetition cannot mend ends it', async () => {
  const denied = new ConnectError('users/vera lacks the role viewer', Code.PermissionDenied);
  await expect(run([stream(['1'], denied)]).done).rejects.toBe(denied);
});

test('an aborted stream ends without a failure', async () => {
  const abort = new AbortController();
  let opened = 0;
  await follow<Message>({
    open: () => {
      opened++;
      abort.abort();
      return stream([], new ConnectError('aborted', Code.Canceled));
    },
    position: (message) => message.position,
    receive: () => undefined,
    connected: () => undefined,
    signal: abort.signal,
  });
  expect(opened).toBe(1);
});
