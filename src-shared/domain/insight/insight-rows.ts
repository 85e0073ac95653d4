import type { CostsAnswer, ErrorsAnswer, LatencyAnswer, TokensAnswer } from './insight';

/** All measures of a template, a model, a day … */
export interface InsightRow {
  readonly key: string;
  readonly label: string;
  readonly runs: number;
  readonly unpriced: number;
  readonly cost_usd: string | null;
  readonly succeeded: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

/** The measures of one question side by side, ordered by cost. */
export function insightRows({
  costs,
  latency,
  errors,
  tokens,
}: {
  readonly costs: Pick<CostsAnswer, 'rows'>;
  readonly latency: Pick<LatencyAnswer, 'rows'>;
  readonly errors: Pick<ErrorsAnswer, 'rows'>;
  readonly tokens: Pick<TokensAnswer, 'rows'>;
}): InsightRow[] {
  const times = byKey(latency.rows);
  const ends = byKey(errors.rows);
  const used = byKey(tokens.rows);
  return costs.rows.map(({ key, label, runs, unpriced, cost_usd }) => ({
    key,
    label,
    runs,
    unpriced,
    cost_usd,
    succeeded: ends.get(key)?.succeeded ?? 0,
    p50_ms: times.get(key)?.p50_ms ?? null,
    p95_ms: times.get(key)?.p95_ms ?? null,
    input_tokens: used.get(key)?.input_tokens ?? 0,
    output_tokens: used.get(key)?.output_tokens ?? 0,
  }));
}

function byKey<Row extends { readonly key: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.key, row]));
}
