import type { output } from 'zod';
import { runFilterSchema } from '../../../src-shared/contract';
import type { RunsSearch } from '../../addresses';
import type { AddressProblem, Format } from '../../ui';

type FilterName = Exclude<keyof RunsSearch, 'run'>;
type RunFilters = output<typeof runFilterSchema>;

interface FilterField {
  /** Its name in `runs.list`. */
  readonly asks: keyof RunFilters;
  readonly label: string;
  /** Says what to enter in place of an invalid value. */
  readonly instead: string;
}

const TIME = 'Choose a day, or enter a time such as 2026-03-31T00:00:00Z.';
const AMOUNT = 'Enter an amount in USD, such as 0.05.';
const SHORTER = 'Enter at most 300 characters.';
const FIELDS: Readonly<Record<FilterName, FilterField>> = {
  q: { asks: 'q', label: 'Search', instead: 'Enter at most 500 characters.' },
  status: { asks: 'status', label: 'Status', instead: 'Choose a status above.' },
  model: { asks: 'model', label: 'Model', instead: SHORTER },
  model_id: { asks: 'model_id', label: 'Model id', instead: SHORTER },
  template: { asks: 'template_id', label: 'Template', instead: 'Choose a template above.' },
  connection: { asks: 'connection_id', label: 'Connection', instead: SHORTER },
  batch: { asks: 'batch_id', label: 'Comparison', instead: 'Choose a comparison above.' },
  failure: { asks: 'failure_code', label: 'Failure', instead: 'Choose a failure above.' },
  from: { asks: 'from', label: 'From', instead: TIME },
  to: { asks: 'to', label: 'To', instead: TIME },
  min_cost: { asks: 'min_cost_usd', label: 'Lowest cost', instead: AMOUNT },
  max_cost: { asks: 'max_cost_usd', label: 'Highest cost', instead: AMOUNT },
  simulated: { asks: 'simulated', label: 'Practice runs', instead: 'Enter true or false.' },
  counted: { asks: 'counted', label: 'Counted', instead: 'Enter ended or unpriced.' },
};
const isFilterName = (name: string): name is FilterName => Object.hasOwn(FIELDS, name);

export interface ReadFilters {
  /** The valid filters, for `runs.list`. */
  readonly asked: RunFilters;
  /** With any problem nothing is listed: ignoring the bad filter would list what nobody asked for. */
  readonly problems: readonly AddressProblem[];
  readonly any: boolean;
}

/** Parses the address into filters. */
export function readFilters(search: RunsSearch): ReadFilters {
  const problems: AddressProblem[] = [];
  const asked: Record<string, unknown> = {};
  const given = Object.entries(search).filter(([name, value]) => name !== 'run' && value !== undefined);
  for (const [name, value] of given) {
    const field = isFilterName(name) ? FIELDS[name] : undefined;
    if (field && runFilterSchema.shape[field.asks].safeParse(value).success) asked[field.asks] = value;
    else {
      problems.push({
        name,
        label: field?.label ?? name,
        value: String(value),
        instead: field?.instead ?? 'There is no filter with this name.',
      });
    }
  }
  return { asked: runFilterSchema.parse(asked), problems, any: given.length > 0 };
}

/** Whether a filter is valid or unset. */
export function isUnderstood(search: RunsSearch, name: FilterName): boolean {
  const value = search[name];
  return value === undefined || runFilterSchema.shape[FIELDS[name].asks].safeParse(value).success;
}

/** The filters without a field, in words. */
export function narrowedBy(search: RunsSearch, format: Format): string {
  const words = [
    search.model_id && `only ${search.model_id}`,
    search.connection && 'one connection',
    search.counted === 'unpriced' && 'unpriced',
    typeof search.simulated === 'boolean' && (search.simulated ? 'practice' : 'real'),
    search.from &&
      isUnderstood(search, 'from') &&
      dayOf(search.from, 0) === null &&
      `from ${format.when(search.from)}`,
    search.to && isUnderstood(search, 'to') && dayOf(search.to, 1) === null && `to ${format.when(search.to)}`,
  ].filter(Boolean);
  const text = words.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Start of a local day, `later` days on. */
export function startOfDay(day: string, later: number): string | undefined {
  const start = new Date(`${day}T00:00:00`);
  if (Number.isNaN(start.getTime())) return undefined;
  start.setDate(start.getDate() + later);
  return start.toISOString();
}

/** The inverse of `startOfDay`; null if the time is not a start of day. */
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
