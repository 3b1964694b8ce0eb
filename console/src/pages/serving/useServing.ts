import { useEffect, useState } from 'react';
import { control } from '../../api/clients';
import { follow } from '../../api/follow';
import type { GetLoadResponse } from '../../gen/rootstock/inference/v1/control_pb';
import type { ServedModel } from '../../gen/rootstock/inference/v1/served_model_pb';
import { useVisible } from '../../lib/visible';

export interface ServingState {
  /** Absent until the first message. */
  load: GetLoadResponse | undefined;
  /** Absent until the first message. */
  models: ServedModel[] | undefined;
  failure: unknown;
  retry: () => void;
}

/** The load of the inference service and its aliases; follows their changes while the console is visible. */
export function useServing(): ServingState {
  const [state, setState] = useState<Omit<ServingState, 'retry'>>({
    load: undefined,
    models: undefined,
    failure: undefined,
  });
  const visible = useVisible();
  const failed = state.failure !== undefined;

  useEffect(() => {
    if (!visible || failed) {
      return undefined;
    }
    const abort = new AbortController();
    follow({
      signal: abort.signal,
      open: (_, signal) => control.watchServing({}, { signal }),
      position: () => '',
      receive: ({ load, served }) =>
        setState((before) => ({
          load: load ?? before.load,
          models: served?.models ?? before.models,
          failure: undefined,
        })),
      connected: () => undefined,
    }).catch((failure: unknown) => setState((before) => ({ ...before, failure })));
    return () => abort.abort();
  }, [visible, failed]);

  return { ...state, retry: () => setState((before) => ({ ...before, failure: undefined })) };
}
