import type { ModelUsage } from '../ports';
import {
  costReader,
  latencyReader,
  outcomesReader,
  quantileOf,
  tokensReader,
  type ReadDb,
  type SumReader,
} from '../store';
import { costs, outcomes, tokens } from './measures';
import { sumsByKey } from './sums';

const HOUR_MS = 3_600_000;
/** Latency quantiles cover recent hours only: over a lifetime they would hardly move. */
const LATENCY_HOURS = 24;
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** Usage since the store was created, by model. */
export function lifetimeUsage(db: ReadDb, now: number): ModelUsage[] {
  const end = Math.floor(now / HOUR_MS) + 1;
  return [false, true].flatMap((simulated) => {
    const sums = <Sum>(reader: SumReader<Sum>, from: number): ((key: string) => Sum) => {
      const hours = { from, to: END_OF_TIME };
      const found = sumsByKey(db, { simulated, workspace_id: null }, reader, 'model_of_provider', hours);
      return (key) => found.get(key) ?? reader.empty();
    };
    const cost = sumsByKey(db, { simulated, workspace_id: null }, costReader, 'model_of_provider', {
      from: 0,
      to: END_OF_TIME,
    });
    const ends = sums(outcomesReader, 0);
    const used = sums(tokensReader, 0);
    const late = sums(latencyReader, end - LATENCY_HOURS);
    return [...cost].map(([key, spent]) => {
      const [provider = '', model_id = ''] = key.split('\n');
      const { runs, succeeded, failed, outcome_unknown, version_mismatch, parse_failed } = outcomes.show(
        ends(key),
      );
      const { input_tokens, output_tokens } = tokens.show(used(key));
      return {
        provider,
        model_id,
        simulated,
        runs,
        succeeded,
        failed,
        outcome_unknown,
        version_mismatch,
        parse_failed,
        unpriced: costs.show(spent).unpriced,
        cost_usd: costs.show(spent).cost_usd,
        input_tokens,
        output_tokens,
        p50_ms: quantileOf(late(key), 0.5),
        p95_ms: quantileOf(late(key), 0.95),
      };
    });
  });
}
