/** To the microsecond: clocks and sums are no more precise, and people read it. */
export function toMicrosecond(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
