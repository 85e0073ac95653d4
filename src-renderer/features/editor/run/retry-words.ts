import type { RetryWait } from '../../../../src-shared/domain';

/** Which call comes next and when: `Attempt 2 of at most 4 in 3 s.` Null seconds leave the time out. */
export function retryInWords(
  { attempt, attempts }: Pick<RetryWait, 'attempt' | 'attempts'>,
  seconds: number | null,
): string {
  const call = `Attempt ${attempt} of at most ${attempts}`;
  if (seconds === null) return `${call} follows.`;
  return seconds === 0 ? `${call} is under way.` : `${call} in ${seconds} s.`;
}
