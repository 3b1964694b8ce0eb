import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { jobs } from '../../api/clients';
import { follow } from '../../api/follow';
import type { JobEvent } from '../../gen/rootstock/registry/v1/job_pb';
import type { EvaluationProgress } from '../../gen/rootstock/evaluation/v1/result_pb';
import type { RunProgress } from '../../gen/rootstock/trainer/v1/run_event_pb';
import { useVisible } from '../../lib/visible';

/** Events that a page keeps; older ones are dropped. */
const MOST_EVENTS = 1000;
/** Time between two updates of the page, in milliseconds. */
const PERIOD = 1000;

export interface JobEvents {
  /** All events but progress, newest first. */
  events: JobEvent[];
  /** Latest progress of a training. */
  runProgress: RunProgress | undefined;
  /** Latest progress of an evaluation. */
  evaluationProgress: EvaluationProgress | undefined;
  connected: boolean;
  failure: unknown;
}

const NONE: JobEvents = {
  events: [],
  runProgress: undefined,
  evaluationProgress: undefined,
  connected: true,
  failure: undefined,
};

/**
 * Follows the events of a job while the page is visible, and reads the job and its curves again when they change: a page
 * that was open for days shows what a new one shows, and holds as much.
 *
 * @param ended whether the job has ended; events of a job that is resumed are followed again
 */
export function useJobEvents(name: string, ended: boolean): JobEvents {
  const queries = useQueryClient();
  const [state, setState] = useState(NONE);
  const token = useRef('');
  const visible = useVisible();

  useEffect(() => {
    if (!visible) {
      return undefined;
    }
    const abort = new AbortController();
    let pending: JobEvent[] = [];
    let latest: Partial<JobEvents> = {};
    let changed = false;
    let reset = false;
    const show = () => {
      if (!changed) {
        return;
      }
      const newest = pending.toReversed();
      const [progress, clear] = [latest, reset];
      [pending, latest, reset, changed] = [[], {}, false, false];
      setState((before) => ({
        ...before,
        ...progress,
        events: [...newest, ...(clear ? [] : before.events)].slice(0, MOST_EVENTS),
      }));
      void queries.invalidateQueries({ queryKey: ['job', name] });
    };
    const timer = setInterval(show, PERIOD);
    follow({
      signal: abort.signal,
      open: (position, signal) =>
        jobs.watchJob({ name, resumeToken: position || token.current, replayOnly: ended }, { signal }),
      position: (response) => response.resumeToken,
      receive: (response) => {
        token.current = response.resumeToken || token.current;
        changed = true;
        if (response.reset) {
          [pending, reset] = [[], true];
          return;
        }
        const event = response.event;
        if (event?.event.case === 'runEvent' && event.event.value.event.case === 'progress') {
          latest.runProgress = event.event.value.event.value;
        } else if (event?.event.case === 'evaluationProgress') {
          latest.evaluationProgress = event.event.value;
        } else if (event !== undefined) {
          pending.push(event);
        }
      },
      connected: (connected) =>
        setState((before) => (before.connected === connected ? before : { ...before, connected })),
    })
      .then(show)
      .catch((failure: unknown) => setState((before) => ({ ...before, failure })));
    return () => {
      abort.abort();
      clearInterval(timer);
      show();
    };
  }, [name, visible, ended, queries]);
  return state;
}
