import { jsonObjectSchema, notFound, type RunSummary } from '../../src-shared/domain';
import { canonicalJsonOfValue } from '../../src-shared/domain/canonical';
import type { Service } from '../ports';
import { answersAround, getDriftEvent, sentRequest, type Store, type StoredRunSummary } from '../store';

/** Request fields that only affect how the answer is delivered. */
const STREAMING: ReadonlySet<string> = new Set(['stream', 'stream_options']);

/** A model's answers to the same input before and after a drift, so that people can judge its effect. */
export function createDriftAnswers({
  store,
  summary,
}: {
  store: Store;
  summary: (row: StoredRunSummary) => RunSummary;
}): Service<'versions'>['driftAnswers'] {
  const sent = ({ attempt_id }: StoredRunSummary): string | null => {
    const text = attempt_id === null ? null : sentRequest(store.read, attempt_id);
    return text === null ? null : withoutStreaming(text);
  };
  return ({ drift_id, limit }) => {
    const event = getDriftEvent(store.read, drift_id);
    if (!event) throw notFound('drift', drift_id);
    const { pairs, total } = answersAround(store.read, event, limit);
    const items = pairs.map(({ before, after, ...prompt }) => ({
      ...prompt,
      // Claims "same" only if both requests are known.
      same_request: sent(before) !== null && sent(before) === sent(after),
      before: summary(before),
      after: summary(after),
    }));
    return { items, total };
  };
}

function withoutStreaming(request: string): string {
  const fields = Object.entries(jsonObjectSchema.parse(JSON.parse(request)));
  return canonicalJsonOfValue(Object.fromEntries(fields.filter(([name]) => !STREAMING.has(name))));
}
