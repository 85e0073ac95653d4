/** The date that a model moves to with each drift: a week further each time. */
export function driftDate(generation: number): string {
  return new Date(Date.UTC(2026, 0, 1) + generation * 7 * 86_400_000).toISOString().slice(0, 10);
}
