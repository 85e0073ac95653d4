import type { Store } from '../../src-main/store';

/** Rows that say something, under names instead of series ids. */
export function tablesOf(store: Store): unknown {
  const hours = store.read
    .prepare<[], { latency: Uint8Array; [column: string]: unknown }>(
      `SELECT template_id, model_id, simulated, h.hour, runs, succeeded, failed, outcome_unknown, unpriced,
         version_mismatch, parse_failed, answered, fingerprinted, CAST(cost_picodollars AS TEXT) AS cost, input_tokens,
         output_tokens, latency FROM run_hourly h JOIN rollup_series USING (series_id)
       WHERE runs <> 0 OR cost_picodollars <> 0 ORDER BY template_id, model_id, simulated, h.hour`,
    )
    .all()
    .map(({ latency, ...rest }) => ({ ...rest, latency: latency.byteLength }));
  const spend = store.read
    .prepare(
      `SELECT workspace_id, month, unpriced, CAST(cost_picodollars AS TEXT) AS cost FROM workspace_spend
       WHERE unpriced <> 0 OR cost_picodollars <> 0 ORDER BY month`,
    )
    .all();
  return { hours, spend };
}

/** The folded hours before `until`, under names instead of subject ids. */
export function foldedSums(store: Store, until: number) {
  return store.read
    .prepare<[], { start: number; latency: Uint8Array | null; [column: string]: unknown }>(
      `SELECT kind, simulated, key, s.provider, start, runs, succeeded, unpriced,
         CAST(cost_picodollars AS TEXT) AS cost, input_tokens, latency
       FROM rollup_sums r JOIN rollup_subjects s USING (subject_id) LEFT JOIN rollup_latencies USING (subject_id, span, start)
       WHERE span = 0 AND (runs <> 0 OR cost_picodollars <> 0) ORDER BY kind, simulated, key, s.provider, start`,
    )
    .all()
    .flatMap(({ latency, ...rest }) =>
      rest.start < until ? [{ ...rest, latency: latency?.byteLength ?? 0 }] : [],
    );
}
