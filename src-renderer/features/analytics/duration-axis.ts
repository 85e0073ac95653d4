const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Natural steps of time. */
const STEPS: readonly number[] = [
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
  [1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  [1, 2, 5, 10, 15, 30, 60].map((minutes) => minutes * MINUTE),
].flat();
const MAX_STEPS = 5;

/** Grid lines for a duration axis, from 0 to the first step at or above the longest value. */
export function durationTicks(longestMs: number): number[] {
  const step = STEPS.find((ms) => longestMs <= ms * MAX_STEPS) ?? Math.ceil(longestMs / MAX_STEPS);
  const count = Math.max(1, Math.ceil(longestMs / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** A grid line's label, without zero parts: `0`, `500 ms`, `30 s`, `2m`. */
export function durationTick(ms: number, format: (ms: number) => string): string {
  if (ms === 0) return '0';
  if (ms >= MINUTE && ms % MINUTE === 0) return `${ms / MINUTE}m`;
  return ms >= SECOND && ms < MINUTE && ms % SECOND === 0 ? `${ms / SECOND} s` : format(ms);
}
