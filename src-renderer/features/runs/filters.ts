import { amountUsdSchema, failureCodeSchema } from '../../../src-shared/domain';
import type { RunsSearch } from '../../addresses';
import type { Format } from '../../ui';

/** Every filter of the address, taken away. */
export const NO_FILTERS = {
  status: undefined,
  model: undefined,
  model_id: undefined,
  template: undefined,
  connection: undefined,
  batch: undefined,
  failure: undefined,
  from: undefined,
  to: undefined,
  min_cost: undefined,
  max_cost: undefined,
  simulated: undefined,
  counted: undefined,
} as const satisfies Partial<Record<keyof RunsSearch, undefined>>;

export const isAmount = (text: string): boolean => amountUsdSchema.safeParse(text).success;

/** What the list is asked for. What is no amount or no failure code yet narrows nothing: its field says so. */
export function filtersOf(search: RunsSearch) {
  const failure = failureCodeSchema.safeParse(search.failure);
  return {
    ...(search.status && { status: search.status }),
    ...(search.model && { model: search.model }),
    ...(search.model_id && { model_id: search.model_id }),
    ...(search.template && { template_id: search.template }),
    ...(search.connection && { connection_id: search.connection }),
    ...(search.batch && { batch_id: search.batch }),
    ...(failure.success && { failure_code: failure.data }),
    ...(search.from && { from: search.from }),
    ...(search.to && { to: search.to }),
    ...(search.min_cost && isAmount(search.min_cost) && { min_cost_usd: search.min_cost }),
    ...(search.max_cost && isAmount(search.max_cost) && { max_cost_usd: search.max_cost }),
    ...(search.simulated !== undefined && { simulated: search.simulated }),
    ...(search.counted && { counted: search.counted }),
  };
}

/** The filters that have no field of their own, in words. */
export function narrowedBy(search: RunsSearch, format: Format): string {
  const words = [
    search.model_id && `only ${search.model_id}`,
    search.connection && 'one connection',
    search.counted === 'unpriced' && 'unpriced',
    search.simulated !== undefined && (search.simulated ? 'practice' : 'real'),
    search.from && dayOf(search.from, 0) === null && `from ${format.when(search.from)}`,
    search.to && dayOf(search.to, 1) === null && `to ${format.when(search.to)}`,
  ].filter(Boolean);
  const text = words.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** When a day begins by the clock here; `later` days on. */
export function startOfDay(day: string, later: number): string | undefined {
  const start = new Date(`${day}T00:00:00`);
  if (Number.isNaN(start.getTime())) return undefined;
  start.setDate(start.getDate() + later);
  return start.toISOString();
}

/** The day that `startOfDay` made a time of; null where it is another time. */
export function dayOf(time: string, later: number): string | null {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return null;
  date.setDate(date.getDate() - later);
  const day = [
    date.getFullYear(),
    (date.getMonth() + 1).toString().padStart(2, '0'),
    date.getDate().toString().padStart(2, '0'),
  ].join('-');
  return startOfDay(day, later) === new Date(time).toISOString() ? day : null;
}
