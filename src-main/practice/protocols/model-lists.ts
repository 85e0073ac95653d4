import type { Exchange, Reply } from '../exchange';
import { claudeFamily, geminiFamily } from '../model-rules';
import { anthropicError, geminiError } from './vendor-errors';
import { numberOf } from './wire-value';

/** Model lists in each vendor's shape. Any other id can be asked for by name: practice accepts every model. */

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

const CLAUDE_MODELS: readonly {
  id: string;
  name: string;
  created: string;
  deprecated?: string;
  retires?: string;
}[] = [
  { id: 'claude-fable-5-2', name: 'Claude Fable 5.2', created: '2026-10-21' },
  { id: 'claude-opus-5-5', name: 'Claude Opus 5.5', created: '2026-09-30' },
  { id: 'claude-sonnet-5-5', name: 'Claude Sonnet 5.5', created: '2026-09-30' },
  { id: 'claude-haiku-5-5', name: 'Claude Haiku 5.5', created: '2026-10-15' },
  { id: 'claude-fable-5-1', name: 'Claude Fable 5.1', created: '2026-07-14' },
  { id: 'claude-sonnet-5', name: 'Claude Sonnet 5', created: '2026-06-02' },
  { id: 'claude-opus-4-7', name: 'Claude Opus 4.7', created: '2026-04-16' },
  { id: 'claude-opus-4-6', name: 'Claude Opus 4.6', created: '2026-02-05' },
  { id: 'claude-sonnet-4-6', name: 'Claude Sonnet 4.6', created: '2026-02-17' },
  { id: 'claude-sonnet-4-5-20250929', name: 'Claude Sonnet 4.5', created: '2025-09-29' },
  { id: 'claude-haiku-4-5-20251001', name: 'Claude Haiku 4.5', created: '2025-10-01' },
  {
    id: 'claude-3-opus-20240229',
    name: 'Claude Opus 3',
    created: '2024-02-29',
    deprecated: '2025-06-30',
    retires: '2026-01-05',
  },
];

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

/** GET /models at any of the three vendors. */
export function answerModelList(exchange: Exchange): Reply {
  switch (exchange.protocol) {
    case 'openai':
      return ok({ object: 'list', data: OPENAI_MODELS.map(openAiModel) });
    case 'anthropic':
      return claudePage(exchange);
    case 'google':
      return geminiPage(exchange);
  }
}

/** GET /models/{id}: a listed model, or a plausible one for any other id. */
export function answerModel(exchange: Exchange): Reply {
  const id = exchange.model;
  switch (exchange.protocol) {
    case 'openai':
      return ok(openAiModel(OPENAI_MODELS.find((model) => model.id === id) ?? { id, created: '2026-01-01' }));
    case 'anthropic':
      return ok(
        claudeModel(
          CLAUDE_MODELS.find((model) => model.id === id) ?? { id, name: id, created: '2026-01-01' },
        ),
      );
    case 'google':
      return ok(
        geminiModel(GEMINI_MODELS.find((model) => model.id === id) ?? { id, name: id, version: '001' }),
      );
  }
}

function openAiModel({ id, created, shutdown }: (typeof OPENAI_MODELS)[number]) {
  const seconds = Date.parse(`${created}T00:00:00Z`) / 1000;
  return { id, object: 'model', created: seconds, owned_by: 'system', shutdown_date: shutdown ?? null };
}

function claudePage(exchange: Exchange): Reply {
  const { query } = exchange;
  const limit = numberOf(query.get('limit') ?? '20') ?? 0;
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    return anthropicError(exchange, 400, 'limit: Input should be between 1 and 1000');
  }
  const after = query.get('after_id');
  const before = query.get('before_id');
  const at = (id: string) => CLAUDE_MODELS.findIndex((model) => model.id === id);
  if ([after, before].some((id) => id !== null && at(id) < 0)) {
    return anthropicError(exchange, 400, 'after_id: the model does not exist');
  }
  const end = before === null ? CLAUDE_MODELS.length : at(before);
  const start = after !== null ? at(after) + 1 : before !== null ? Math.max(0, end - limit) : 0;
  const page = CLAUDE_MODELS.slice(start, Math.min(end, start + limit));
  return ok({
    data: page.map(claudeModel),
    has_more: before === null ? start + page.length < end : start > 0,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  });
}

function claudeModel({ id, name, created, deprecated, retires }: (typeof CLAUDE_MODELS)[number]) {
  const { version = 5, alwaysThinks } = claudeFamily(id);
  const supported = (yes: boolean) => ({ supported: yes });
  const time = (day: string | undefined) => (day === undefined ? null : `${day}T00:00:00Z`);
  const efforts = version >= 4.5;
  return {
    type: 'model',
    id,
    display_name: name,
    created_at: time(created),
    lifecycle: retires !== undefined ? 'retired' : 'active',
    deprecated_at: time(deprecated),
    retires_at: time(retires),
    line: /opus|sonnet|haiku|fable/.exec(id)?.[0] ?? null,
    max_input_tokens: version >= 4.6 ? 1_000_000 : 200_000,
    max_tokens: version >= 4.5 ? 64_000 : 4_096,
    capabilities: {
      batch: supported(true),
      citations: supported(true),
      code_execution: supported(efforts),
      context_management: {
        ...supported(efforts),
        clear_thinking_20251015: supported(efforts),
        clear_tool_uses_20250919: supported(efforts),
        compact_20260112: supported(version >= 4.6),
      },
      effort: {
        ...supported(efforts),
        low: supported(efforts),
        medium: supported(efforts),
        high: supported(efforts),
        xhigh: supported(version >= 4.7),
        max: supported(version >= 4.6),
      },
      image_input: supported(true),
      pdf_input: supported(true),
      server_tools: {
        ...supported(version >= 4),
        code_execution: supported(efforts),
        web_search: supported(version >= 4),
      },
      structured_outputs: supported(version >= 4.5),
      thinking: {
        ...supported(version >= 4),
        types: {
          adaptive: supported(version >= 4.6),
          between_tools: supported(version >= 5),
          disabled: supported(!alwaysThinks),
          enabled: supported(version >= 4 && version < 4.7),
        },
      },
    },
  };
}

function geminiPage({ query, apiVersion }: Exchange): Reply {
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
  const models = all.slice(start, end).map(geminiModel);
  return ok({ models, ...(end < all.length ? { nextPageToken: `page-${end}` } : {}) });
}

function geminiModel({ id, name, version }: (typeof GEMINI_MODELS)[number]) {
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

function ok(body: object): Reply {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}
