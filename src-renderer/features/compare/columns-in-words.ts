import { versionTitle, type BatchSummary } from '../../../src-shared/domain';

/** `v1, v2 · gpt-4o, gpt-4o-mini`: what tells comparisons of one prompt apart. */
export function columnsInWords({ columns }: Pick<BatchSummary, 'columns'>): string {
  const versions = new Set(columns.map(versionTitle));
  const models = new Set(columns.map(({ model_id }) => model_id));
  return [versions, models]
    .filter(({ size }) => size > 0)
    .map((names) => [...names].join(', '))
    .join(' · ');
}
