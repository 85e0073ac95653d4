import type { Faults } from '../faults';

/** The `retry-after` to send: the fault's, else one second after a 429. */
export function retryAfter(
  { retry_after: given }: Faults,
  status: number,
): { readonly seconds: number | undefined; readonly headers: Readonly<Record<string, string>> } {
  const seconds = given ?? (status === 429 ? 1 : undefined);
  return { seconds, headers: seconds === undefined ? {} : { 'retry-after': String(seconds) } };
}
