import type { JsonObject, Model } from '../../../src-shared/domain';
import type { CallEndpoint } from '../../ports';
import { asList, asObjects, asWord, fetchPages } from '../http';
import type { ModelListing } from '../http';
import { GOOGLE_SDK_VARIABLES, googleClient } from './sdk';

const PAGE_SIZE = 1000;

/** GET /v1/models, paged. Gemini publishes no retirement dates there. */
export function listGoogleModels(endpoint: CallEndpoint, signal: AbortSignal): Promise<ModelListing> {
  return fetchPages(
    {
      api: 'gemini.generate_content',
      sdkVariables: GOOGLE_SDK_VARIABLES,
      request: async (target, cursor, fetch) => {
        const client = await googleClient(target, fetch, 'v1');
        return client.models.list({
          config: { pageSize: PAGE_SIZE, ...(cursor === null ? {} : { pageToken: cursor }) },
        });
      },
      readPage: readGoogleModels,
    },
    endpoint,
    signal,
  );
}

function readGoogleModels(body: JsonObject): { models: Model[]; next: string | null } | null {
  if (!Array.isArray(body['models'])) return null;
  const models = asObjects(body['models']).flatMap((item): Model[] => {
    const name = asWord(item['name']);
    if (name === null || !generates(item)) return [];
    return [
      {
        model_id: name.replace(/^models\//, ''),
        display_name: asWord(item['displayName']),
        created_at: null,
        retires_at: null,
      },
    ];
  });
  return { models, next: asWord(body['nextPageToken']) };
}

/** Embedding and image models cannot answer with text; if the list does not say, the model is included. */
function generates(item: JsonObject): boolean {
  const methods = item['supportedGenerationMethods'];
  return !Array.isArray(methods) || asList(methods).includes('generateContent');
}
