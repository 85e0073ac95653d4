import type { Transcript } from './scenario';

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;
const ADDRESS = /127\.0\.0\.1:\d+/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** Measured or made by chance: different in every run, and of no matter here. */
const MEASURED = new Set([
  'latency_ms',
  'latency_p50_ms',
  'latency_p95_ms',
  'first_byte_ms',
  'queue_ms',
  'p50',
]);

/** The transcript with everything replaced that no two runs have in common: ids by their order, times by a word. */
export function comparable(transcript: Transcript): unknown {
  const ids = new Map<string, string>();
  const named = (id: string): string => {
    const known = ids.get(id) ?? `id-${ids.size + 1}`;
    ids.set(id, known);
    return known;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (MEASURED.has(key) && typeof value === 'number') return 'measured';
    // Made of a template's id.
    if (key === 'group_id' && typeof value === 'string') return named(value);
    if (typeof value === 'string')
      return value.replace(UUID, named).replace(TIME, 'time').replace(ADDRESS, 'address');
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
  };
  return walk(transcript, '');
}
