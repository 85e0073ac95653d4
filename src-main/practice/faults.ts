import { z } from 'zod';
import { fieldProblemsOf, splitPracticeModel } from '../../src-shared/domain';

/**
 * The faults that can be simulated, named the same in a model name and in a script's `do`.
 *
 *   model@fault[=value][,fault[=value]…]        gpt-4o@latency=200      claude-opus-5-5@status=529
 *
 * The echoed model is the name without the suffix. `README.md` beside this file lists every fault.
 */
export const faultsSchema = z.strictObject({
  /** Milliseconds before the first byte. */
  latency: z.number().min(0).max(3_600_000).optional(),
  /** Accept the request and never answer. */
  timeout: z.literal(true).optional(),
  /** Close the connection without an answer. */
  reset: z.literal(true).optional(),
  /** Answer with this HTTP status in the vendor's own error shape. */
  status: z.number().int().min(400).max(599).optional(),
  /** The vendor's error code: OpenAI `code`, Anthropic `type`, Gemini `status`. Needs `status`. */
  code: z.string().min(1).max(100).optional(),
  /** Seconds for `retry-after` (Gemini: `RetryInfo.retryDelay`). */
  retry_after: z.number().min(0).max(86_400).optional(),
  /** Send this fraction of the body's bytes, then drop the connection. */
  cut: z.number().min(0).max(1).optional(),
  /** A 200 whose body, or one stream event, is not JSON. */
  malformed: z.enum(['truncated', 'html', 'empty']).optional(),
  /** Milliseconds between the events of a stream. */
  slowstream: z.number().min(0).max(60_000).optional(),
  /** Answer with 200 but report a failure in the body (Responses `failed`, an error event). */
  failed: z.literal(true).optional(),
  /** The version evidence changes after every N requests for this model. */
  drift: z.number().int().min(1).optional(),
  /** The version evidence changes once, after N requests for this model. */
  drift_once: z.number().int().min(1).optional(),
  /** Omit optional version evidence: `system_fingerprint`, Gemini's `modelVersion`. */
  nofingerprint: z.literal(true).optional(),
  /** Chat: send this `system_fingerprint` (servers put a build or a constant there). */
  fingerprint: z.string().min(1).max(200).optional(),
  /** Echo this model instead of the requested one. */
  echo: z.string().min(1).max(300).optional(),
  /** Gemini: the field that holds the version. */
  versionfield: z.enum(['modelVersion', 'model', 'model_name']).optional(),
  /** Omit token usage. */
  nousage: z.literal(true).optional(),
  /** The model declines. */
  refusal: z.literal(true).optional(),
  /** The vendor's content filter stops the answer. */
  blocked: z.literal(true).optional(),
  /** The answer stops at the token limit. */
  length: z.literal(true).optional(),
  /** The turn is paused and can be continued (Anthropic `pause_turn`, Gemini `CONTINUATION`). */
  paused: z.literal(true).optional(),
  /** Do not search, although the request offers a search tool. */
  ungrounded: z.literal(true).optional(),
  /** The search tool itself fails (Anthropic `error_code`, Responses `status: failed`). */
  searcherror: z.literal(true).optional(),
  /** Text that violates the requested schema: not JSON, the wrong shape, or JSON inside prose and a fence. */
  invalidjson: z.enum(['text', 'shape', 'fenced']).optional(),
  /** Text full of markup, terminal escapes, formulas and template tags. */
  hostile: z.literal(true).optional(),
});

export type Faults = z.infer<typeof faultsSchema>;

/** The value of a fault given without one. */
const BARE_VALUES: Readonly<Record<string, unknown>> = { malformed: 'truncated', invalidjson: 'text' };

const TEXT_FAULTS: ReadonlySet<string> = new Set(['code', 'fingerprint', 'echo']);

export interface ModelName {
  readonly id: string;
  readonly faults: Faults;
  /** Why the suffix is invalid. */
  readonly problem?: string;
}

const NO_FAULTS: Faults = {};
const CACHE_LIMIT = 5_000;
const cache = new Map<string, ModelName>();

/** Splits `model@fault=value,…`. Cached by name, which keeps schema validation off the hot path. */
export function parseModelName(name: string): ModelName {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const parsed = splitModelName(name);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(name, parsed);
  return parsed;
}

function splitModelName(name: string): ModelName {
  const { id, faults: suffix } = splitPracticeModel(name);
  if (suffix === null) return { id, faults: NO_FAULTS };
  const raw: Record<string, unknown> = {};
  for (const part of suffix.split(',')) {
    const [key = '', ...rest] = part.split('=');
    raw[key] = rest.length === 0 ? (BARE_VALUES[key] ?? true) : faultValue(key, rest.join('='));
  }
  const result = faultsSchema.safeParse(raw);
  if (result.success) return { id, faults: result.data };
  const [problem] = fieldProblemsOf(result.error.issues);
  const detail = problem?.path ? `${problem.path}: ${problem.message}` : (problem?.message ?? 'not readable');
  return {
    id,
    faults: NO_FAULTS,
    problem: `The practice provider cannot read the fault suffix "@${suffix}": ${detail}`,
  };
}

function faultValue(key: string, text: string): unknown {
  if (TEXT_FAULTS.has(key)) return text;
  if (text === 'true') return true;
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
