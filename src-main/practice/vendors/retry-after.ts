import type { Faults } from '../faults';

/** How long a failed request is told to wait: as the fault says, else a second after a 429. */
export function retryAfter(
  { retry_after: given }: Faults,
  status: number,
): { readonly seconds: number | undefined; readonly headers: Readonly<Record<string, string>> } {
  const seconds = given ?? (status === 429 ? 1 : undefined);
  return { seconds, headers: seconds === undefined ? {} : { 'retry-after': String(seconds) } };
}
