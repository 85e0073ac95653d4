/** A time, in milliseconds since 1970, as records and answers write it: UTC, ISO 8601, with milliseconds. */
export const timestampOf = (ms: number): string => new Date(ms).toISOString();

/** The UTC month that a time is in, as in `2026-11`: what budgets count by. */
export const monthOf = (ms: number): string => timestampOf(ms).slice(0, 7);

/** The UTC hour that a time is in, as in `2026113014`: what hourly idempotency keys end with. */
export const hourKeyOf = (ms: number): string => timestampOf(ms).slice(0, 13).replace(/[-T]/g, '');
