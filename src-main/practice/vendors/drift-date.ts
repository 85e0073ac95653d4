/** The date in a model's version: each drift moves it by a week. */
export function driftDate(generation: number): string {
  return new Date(Date.UTC(2026, 0, 1) + generation * 7 * 86_400_000).toISOString().slice(0, 10);
}
