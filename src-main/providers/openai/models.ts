import { protocolRecord, type JsonObject, type Model } from '../../../src-shared/domain';
import type { CallEndpoint } from '../../ports';
import { asCount, asObjects, asWord, fetchPages } from '../http';
import type { ModelListing } from '../http';
import { OPENAI_SDK_VARIABLES, openAiClient } from './sdk';

const TIMEOUT_MS = 30_000;

/** GET /models: one page, with a shutdown date if one is announced. */
export function listOpenAiModels(endpoint: CallEndpoint, signal: AbortSignal): Promise<ModelListing> {
  return fetchPages(
    {
      api: protocolRecord(endpoint.protocol).api,
      sdkVariables: OPENAI_SDK_VARIABLES,
      request: async (target, _cursor, fetch) => {
        const client = await openAiClient(target, fetch, TIMEOUT_MS);
        return client.get('/models').asResponse();
      },
      readPage: readOpenAiModels,
    },
    endpoint,
    signal,
  );
}

function readOpenAiModels(body: JsonObject): { models: Model[]; next: null } | null {
  if (!Array.isArray(body['data'])) return null;
  const models = asObjects(body['data']).flatMap((item): Model[] => {
    const id = asWord(item['id']);
    if (id === null) return [];
    const created = asCount(item['created']);
    return [
      {
        model_id: id,
        display_name: null,
        created_at: created === null || created === 0 ? null : isoTime(created),
        retires_at: asWord(item['shutdown_date']),
      },
    ];
  });
  return { models, next: null };
}

function isoTime(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
