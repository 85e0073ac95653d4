import type { Exchange, Reply } from '../../exchange';
import { jsonReply } from '../json-reply';
import { numberOf } from '../wire-value';
import { geminiError } from './errors';
import { geminiFamily } from './model-rules';

const GEMINI_MODELS: readonly { id: string; name: string; version: string }[] = [
  { id: 'gemini-4-argon', name: 'Gemini 4 Argon', version: '4' },
  { id: 'gemini-3.8-flash', name: 'Gemini 3.8 Flash', version: '3.8' },
  { id: 'gemini-3.6-flash', name: 'Gemini 3.6 Flash', version: '3.6' },
  { id: 'gemini-3-pro-preview', name: 'Gemini 3 Pro Preview', version: '3-pro-preview-11-2025' },
  { id: 'gemini-3-flash-preview', name: 'Gemini 3 Flash Preview', version: '3-flash-preview-12-2025' },
  { id: 'gemini-2.5-pro', name: 'Gemini 2.5 Pro', version: '2.5' },
  { id: 'gemini-2.5-flash', name: 'Gemini 2.5 Flash', version: '001' },
  { id: 'gemini-2.5-flash-lite', name: 'Gemini 2.5 Flash-Lite', version: '001' },
  { id: 'gemini-2.0-flash', name: 'Gemini 2.0 Flash', version: '2.0' },
  { id: 'gemini-2.0-flash-001', name: 'Gemini 2.0 Flash 001', version: '2.0' },
  { id: 'gemini-2.0-flash-lite', name: 'Gemini 2.0 Flash-Lite', version: '2.0' },
  { id: 'gemma-3-27b-it', name: 'Gemma 3 27B', version: '001' },
];

/** GET /{version}/models, paged. */
export function geminiModelList({ query, apiVersion }: Exchange): Reply {
  const size = Math.min(1_000, numberOf(query.get('pageSize') ?? '') ?? 50);
  const token = query.get('pageToken') ?? '';
  const start = token === '' ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start) || size < 1) return geminiError(400, 'The page token is invalid.');
  // `-latest` aliases exist on v1beta only.
  const aliases =
    apiVersion === 'v1beta'
      ? [{ id: 'gemini-flash-latest', name: 'Gemini Flash Latest', version: '001' }]
      : [];
  const all = [...GEMINI_MODELS, ...aliases];
  const end = start + size;
  const models = all.slice(start, end).map(modelObject);
  return jsonReply(200, { models, ...(end < all.length ? { nextPageToken: `page-${end}` } : {}) });
}

/** GET /{version}/models/{id}: a listed model, or a plausible one for any other id. */
export function geminiModel({ model: id }: Exchange): Reply {
  const listed = GEMINI_MODELS.find((model) => model.id === id);
  return jsonReply(200, modelObject(listed ?? { id, name: id, version: '001' }));
}

function modelObject({ id, name, version }: (typeof GEMINI_MODELS)[number]) {
  const family = geminiFamily(id);
  return {
    name: `models/${id}`,
    version,
    displayName: name,
    description: `${name}, simulated.`,
    inputTokenLimit: family.gemma ? 131_072 : 1_048_576,
    outputTokenLimit: family.gemma || (family.version ?? 3) < 2.5 ? 8_192 : 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: (family.version ?? 0) >= 2.5,
  };
}
