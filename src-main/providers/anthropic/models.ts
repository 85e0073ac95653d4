import type { JsonObject, Model } from '../../../src-shared/domain';
import type { CallEndpoint } from '../../ports';
import { asObjects, asWord, fetchPages } from '../http';
import type { ModelListing } from '../http';
import { ANTHROPIC_SDK_VARIABLES, anthropicClient } from './sdk';

const TIMEOUT_MS = 30_000;
const PAGE_SIZE = 1000;

/** GET /v1/models, paged; retirement dates are the provider's own. */
export function listAnthropicModels(endpoint: CallEndpoint, signal: AbortSignal): Promise<ModelListing> {
  return fetchPages(
    {
      api: 'anthropic.messages',
      sdkVariables: ANTHROPIC_SDK_VARIABLES,
      request: async (target, cursor, fetch) => {
        const client = await anthropicClient(target, fetch, TIMEOUT_MS);
        const query = { limit: PAGE_SIZE, ...(cursor === null ? {} : { after_id: cursor }) };
        return client.get('/v1/models', { query }).asResponse();
      },
      readPage: readAnthropicModels,
    },
    endpoint,
    signal,
  );
}

function readAnthropicModels(body: JsonObject): { models: Model[]; next: string | null } | null {
  if (!Array.isArray(body['data'])) return null;
  const models = asObjects(body['data']).flatMap((item): Model[] => {
    const id = asWord(item['id']);
    if (id === null) return [];
    return [
      {
        model_id: id,
        display_name: asWord(item['display_name']),
        created_at: asWord(item['created_at']),
        retires_at: asWord(item['retires_at']),
      },
    ];
  });
  return { models, next: body['has_more'] === true ? asWord(body['last_id']) : null };
}
