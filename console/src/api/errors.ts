import { Code, ConnectError } from '@connectrpc/connect';

/** The text of a failure, for users. */
export function message(failure: unknown): string {
  return failure instanceof ConnectError ? failure.rawMessage : String(failure);
}

/** Whether the caller must sign in. */
export function isUnauthenticated(failure: unknown): boolean {
  return failure instanceof ConnectError && failure.code === Code.Unauthenticated;
}

/** Whether a repetition may succeed: the service is away, restarting or overloaded, or the connection was lost. */
export function isTransient(failure: unknown): boolean {
  if (!(failure instanceof ConnectError)) {
    return false;
  }
  switch (failure.code) {
    case Code.Unavailable:
    case Code.Unknown:
    case Code.Internal:
    case Code.ResourceExhausted:
    case Code.DeadlineExceeded:
    case Code.Aborted:
      return true;
    default:
      return false;
  }
}
