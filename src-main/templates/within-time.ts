import { createContext, Script, type Context } from 'node:vm';

const call = new Script('work()');
let context: Context | undefined;

export type InTime<T> = { readonly ended: true; readonly value: T } | { readonly ended: false };

/**
 * Ends synchronous work that does not end by itself: a regular expression that tries every way to match, a schema that
 * refers to itself. Nothing else can, because it holds the only thread. Work that is ended must leave nothing half done.
 */
export function withinTime<T>(milliseconds: number, work: () => T): InTime<T> {
  context ??= createContext({ work: null });
  let done: InTime<T> = { ended: false };
  context['work'] = () => {
    done = { ended: true, value: work() };
  };
  try {
    call.runInContext(context, { timeout: milliseconds });
    return done;
  } catch (error) {
    // Made in the other context, so it is no instance of this one's Error.
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { ended: false };
    throw error;
  } finally {
    context['work'] = null;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
