/** Under so many answers a P95 is one of the slowest, not a quantile (docs/screens.md#figures). */
export const LEAST_FOR_P95 = 20;

/** By nearest rank, so always a measured value; null for an empty list. `sorted` ascends. */
export function percentileOf(sorted: ArrayLike<number>, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
