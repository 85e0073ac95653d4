/** To the microsecond: clocks and sums say no more, and people read it. */
export function toMicrosecond(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
