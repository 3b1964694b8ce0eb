import { useEffect, useState } from 'react';
import { jobs } from '../../api/clients';
import { follow } from '../../api/follow';
import type { JobState } from '../../gen/rootstock/registry/v1/job_pb';
import { type JobList, withChanges, withPage } from '../../lib/jobList';
import { useVisible } from '../../lib/visible';

const PAGE = 200;

export interface JobQuery {
  states: JobState[];
  /** Filter expression; empty: all jobs. */
  filter: string;
}

interface State {
  /** The query that the list answers. */
  key: string;
  list: JobList | undefined;
  failure: unknown;
}

export interface LoadedJobs {
  /** Absent until the first page is loaded. */
  list: JobList | undefined;
  failure: unknown;
  /** Loads the next page; absent: all jobs are loaded, or a page is being loaded. */
  more: (() => void) | undefined;
  retry: () => void;
}

/** Lists jobs, newest first. The first page follows its changes while the console is visible; later pages load on demand. */
export function useJobList(query: JobQuery): LoadedJobs {
  const key = JSON.stringify(query);
  const [state, setState] = useState<State>({ key, list: undefined, failure: undefined });
  const [loading, setLoading] = useState(false);
  const visible = useVisible();
  const answered = state.key === key;
  const failed = answered && state.failure !== undefined;

  useEffect(() => {
    if (!visible || failed) {
      return undefined;
    }
    const abort = new AbortController();
    const { states, filter } = JSON.parse(key) as JobQuery;
    follow({
      signal: abort.signal,
      open: (_, signal) => jobs.watchJobs({ pageSize: PAGE, states, filter }, { signal }),
      position: () => '',
      receive: (message) =>
        setState((before) => ({
          key,
          list: withChanges(before.key === key ? before.list : undefined, message),
          failure: undefined,
        })),
      connected: () => undefined,
    }).catch((failure: unknown) =>
      setState((before) => ({ key, list: before.key === key ? before.list : undefined, failure })),
    );
    return () => abort.abort();
  }, [key, visible, failed]);

  const list = answered ? state.list : undefined;
  const more = () => {
    if (list === undefined) {
      return;
    }
    setLoading(true);
    jobs
      .listJobs({ pageSize: PAGE, pageToken: list.next, states: query.states, filter: query.filter })
      .then((page) =>
        setState((before) =>
          before.key === key && before.list !== undefined ? { ...before, list: withPage(before.list, page) } : before,
        ),
      )
      .catch((failure: unknown) => setState((before) => (before.key === key ? { ...before, failure } : before)))
      .finally(() => setLoading(false));
  };
  return {
    list,
    failure: answered ? state.failure : undefined,
    more: list !== undefined && list.next !== '' && !loading ? more : undefined,
    retry: () => setState((before) => ({ ...before, failure: undefined })),
  };
}
