import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/**
 * A value in the query of the page's address, so that it can be linked to. The default value is left out of the address.
 */
export function useUrlState(key: string, initial: string): [string, (value: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  const set = useCallback(
    (value: string) => {
      setParameters(
        (previous) => {
          const next = new URLSearchParams(previous);
          if (value === initial) {
            next.delete(key);
          } else {
            next.set(key, value);
          }
          return next;
        },
        { replace: true },
      );
    },
    [key, initial, setParameters],
  );
  return [parameters.get(key) ?? initial, set];
}

/** A choice in the query of the page's address. The first one is the default, also for addresses with another value. */
export function useUrlChoice<T extends string>(key: string, choices: readonly [T, ...T[]]): [T, (value: T) => void] {
  const [value, set] = useUrlState(key, choices[0]);
  return [choices.find((choice) => choice === value) ?? choices[0], set];
}
