import type { Exchange, Reply } from '../../exchange';
import { jsonReply } from '../json-reply';

const OPENAI_MODELS: readonly { id: string; created: string; shutdown?: string }[] = [
  { id: 'gpt-6.1-sol', created: '2026-10-20' },
  { id: 'gpt-6.1-terra', created: '2026-10-20' },
  { id: 'gpt-6-astra', created: '2026-08-04' },
  { id: 'gpt-6-sol', created: '2026-08-04' },
  { id: 'gpt-6-luna', created: '2026-08-04' },
  { id: 'gpt-5.6', created: '2026-06-09' },
  { id: 'gpt-5.4-mini', created: '2026-03-17' },
  { id: 'gpt-5-search-api', created: '2025-10-06' },
  { id: 'gpt-5', created: '2025-08-07', shutdown: '2026-12-11' },
  { id: 'gpt-5-nano', created: '2025-08-07' },
  { id: 'gpt-4.1', created: '2025-04-14', shutdown: '2027-01-14' },
  { id: 'gpt-4o', created: '2024-05-13', shutdown: '2027-01-14' },
  { id: 'gpt-4o-mini', created: '2024-07-18' },
  { id: 'o3', created: '2025-04-16', shutdown: '2026-12-11' },
];

/** GET /models. Not exhaustive: practice accepts any model id. */
export function openAiModelList(): Reply {
  return jsonReply(200, { object: 'list', data: OPENAI_MODELS.map(modelObject) });
}

/** GET /models/{id}: a listed model, or a plausible one for any other id. */
export function openAiModel({ model: id }: Exchange): Reply {
  return jsonReply(
    200,
    modelObject(OPENAI_MODELS.find((model) => model.id === id) ?? { id, created: '2026-01-01' }),
  );
}

function modelObject({ id, created, shutdown }: (typeof OPENAI_MODELS)[number]) {
  const seconds = Date.parse(`${created}T00:00:00Z`) / 1000;
  return { id, object: 'model', created: seconds, owned_by: 'system', shutdown_date: shutdown ?? null };
}
