import { useEffect, useState } from 'react';
import {
  type LaterPage,
  type Named,
  type PageChange,
  type WatchedList,
  withChanges,
  withPage,
} from '../lib/watchedList';
import { useVisible } from '../lib/visible';
import { follow } from './follow';

/** RPCs of a list, for queries of a type that JSON can hold. */
export interface ListSource<Q, T extends Named> {
  watch: (query: Q, signal: AbortSignal) => AsyncIterable<PageChange<T>>;
  page: (query: Q, token: string) => Promise<LaterPage<T>>;
}

interface State<T extends Named> {
  /** The query that the list answers. */
  key: string;
  list: WatchedList<T> | undefined;
  failure: unknown;
}

export interface LoadedList<T extends Named> {
  /** Absent until the first page is loaded. */
  list: WatchedList<T> | undefined;
  failure: unknown;
  /** Loads the next page; absent: all resources are loaded, or a page is being loaded. */
  more: (() => void) | undefined;
  retry: () => void;
}

/**
 * Lists resources. The first page follows its changes while the console is visible; later pages load on demand. The source
 * must be the same object in each call.
 */
export function useWatchedList<Q, T extends Named>(source: ListSource<Q, T>, query: Q): LoadedList<T> {
  const key = JSON.stringify(query);
  const [state, setState] = useState<State<T>>({ key, list: undefined, failure: undefined });
  const [loading, setLoading] = useState(false);
  const visible = useVisible();
  const answered = state.key === key;
  const failed = answered && state.failure !== undefined;

  useEffect(() => {
    if (!visible || failed) {
      return undefined;
    }
    const abort = new AbortController();
    follow({
      signal: abort.signal,
      open: (_, signal) => source.watch(JSON.parse(key) as Q, signal),
      position: () => '',
      receive: (change) =>
        setState((before) => ({
          key,
          list: withChanges(before.key === key ? before.list : undefined, change),
          failure: undefined,
        })),
      connected: () => undefined,
    }).catch((failure: unknown) =>
      setState((before) => ({ key, list: before.key === key ? before.list : undefined, failure })),
    );
    return () => abort.abort();
  }, [source, key, visible, failed]);

  const list = answered ? state.list : undefined;
  const more = () => {
    if (list === undefined) {
      return;
    }
    setLoading(true);
    source
      .page(query, list.next)
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
