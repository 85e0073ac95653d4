import type { Exchange, Reply } from '../../exchange';
import { jsonReply } from '../json-reply';
import { numberOf } from '../wire-value';
import { anthropicError } from './errors';
import { claudeFamily } from './model-rules';

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

/** GET /v1/models, paged. */
export function claudeModelList(exchange: Exchange): Reply {
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
  return jsonReply(200, {
    data: page.map(modelObject),
    has_more: before === null ? start + page.length < end : start > 0,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  });
}

/** GET /v1/models/{id}: a listed model, or a plausible one for any other id. */
export function claudeModel({ model: id }: Exchange): Reply {
  const listed = CLAUDE_MODELS.find((model) => model.id === id);
  return jsonReply(200, modelObject(listed ?? { id, name: id, created: '2026-01-01' }));
}

function modelObject({ id, name, created, deprecated, retires }: (typeof CLAUDE_MODELS)[number]) {
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
