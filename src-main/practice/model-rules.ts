import { fnv1a } from './answers/prng';

/** Which parameters a model takes and how it names its version (docs/providers.md#parameters-by-model). */

export interface OpenAiFamily {
  readonly temperature: 'yes' | 'never' | 'with-effort-none';
  /** Accepted efforts; undefined: any (not documented). */
  readonly efforts: readonly string[] | undefined;
  readonly reasons: boolean;
  readonly responsesOnly: boolean;
  readonly takesStop: boolean;
  readonly chatSearch: boolean;
}

const CLASSIC: OpenAiFamily = {
  temperature: 'yes',
  efforts: [],
  reasons: false,
  responsesOnly: false,
  takesStop: true,
  chatSearch: false,
};
const REASONING: OpenAiFamily = { ...CLASSIC, temperature: 'never', efforts: undefined, reasons: true };
/** Ids that OpenAI does not have: a compatible server takes anything. */
const UNKNOWN: OpenAiFamily = { ...CLASSIC, efforts: undefined };

const LOW_TO_HIGH = ['low', 'medium', 'high'];

export function openAiFamily(model: string): OpenAiFamily {
  const id = model.toLowerCase().replace(/^ft:/, '').replace(/^.*\//, '');
  if (/^(gpt-|o\d|codex)/.test(id) && /-pro\b|codex|deep-research/.test(id)) {
    return { ...REASONING, responsesOnly: true };
  }
  if (/^(gpt-3\.5|gpt-4|chatgpt-|gpt-5-chat)/.test(id)) return CLASSIC;
  if (/^o[134](-|$)/.test(id)) {
    return { ...REASONING, efforts: LOW_TO_HIGH, takesStop: !/^(o3|o4-mini)/.test(id) };
  }
  if (id.startsWith('gpt-5-search-api')) return { ...REASONING, chatSearch: true };
  if (/^gpt-5(-|$)/.test(id)) return { ...REASONING, efforts: ['minimal', ...LOW_TO_HIGH] };
  if (/^gpt-6-astra|^gpt-6\.1-sol/.test(id))
    return { ...REASONING, efforts: [...LOW_TO_HIGH, 'xhigh', 'max'] };
  const minor = /^gpt-5\.(\d+)/.exec(id)?.[1];
  if (minor !== undefined || id.startsWith('gpt-6')) {
    const step = minor === undefined ? 6 : Number(minor);
    const efforts = ['none', ...LOW_TO_HIGH, ...(step >= 2 ? ['xhigh'] : []), ...(step >= 6 ? ['max'] : [])];
    return { ...REASONING, temperature: 'with-effort-none', efforts };
  }
  return UNKNOWN;
}

/** Aliases that OpenAI resolves to a dated snapshot. */
const OPENAI_SNAPSHOTS: ReadonlyMap<string, string> = new Map([
  ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125'],
  ['gpt-4', 'gpt-4-0613'],
  ['gpt-4-turbo', 'gpt-4-turbo-2024-04-09'],
  ['gpt-4o', 'gpt-4o-2024-08-06'],
  ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18'],
  ['gpt-4.1', 'gpt-4.1-2025-04-14'],
  ['gpt-4.1-mini', 'gpt-4.1-mini-2025-04-14'],
  ['gpt-4.1-nano', 'gpt-4.1-nano-2025-04-14'],
  ['o1', 'o1-2024-12-17'],
  ['o3', 'o3-2025-04-16'],
  ['o3-mini', 'o3-mini-2025-01-31'],
  ['o4-mini', 'o4-mini-2025-04-16'],
  ['gpt-5', 'gpt-5-2025-08-07'],
  ['gpt-5-mini', 'gpt-5-mini-2025-08-07'],
  ['gpt-5-nano', 'gpt-5-nano-2025-08-07'],
]);

/** The model that OpenAI echoes; each drift generation moves its date by a week. */
export function openAiEcho(model: string, generation: number): string {
  const snapshot = OPENAI_SNAPSHOTS.get(model) ?? model;
  if (generation === 0) return snapshot;
  return `${snapshot.replace(/-\d{4}-\d{2}-\d{2}$/, '')}-${driftDate(generation)}`;
}

/** The 4o era answered a fingerprint; later models answer null (docs/providers.md#version-evidence). */
export function openAiFingerprint(model: string, generation: number): string | null {
  if (!/^(gpt-4o|gpt-4|gpt-3\.5)/.test(model) || model.startsWith('gpt-4.1-nano')) return null;
  const head = fnv1a(`${openAiEcho(model, 0)}#${generation}`)
    .toString(16)
    .padStart(8, '0');
  return `fp_${head}${((generation * 37 + 81) % 256).toString(16).padStart(2, '0')}`;
}

export interface ClaudeFamily {
  /** Major and minor as one number, 5.5; undefined for an id that is not Claude's. */
  readonly version: number | undefined;
  /** Always thinks and takes no forced tool. */
  readonly alwaysThinks: boolean;
}

export function claudeFamily(model: string): ClaudeFamily {
  const match = /claude-(?:([a-z]+)-)?(\d{1,2})(?:[-.](\d{1,2}))?(?![\d])/.exec(model);
  if (match === null) return { version: undefined, alwaysThinks: false };
  const line = match[1];
  const version = Number(match[2]) + Number(match[3] ?? 0) / 10;
  const alwaysThinks =
    ((line === 'opus' || line === 'sonnet') && version === 5.5) || (line === 'fable' && version > 5);
  return { version, alwaysThinks };
}

export function claudeEcho(model: string, generation: number): string {
  if (generation === 0) return model;
  return `${model.replace(/-\d{8}$/, '')}-${driftDate(generation).replaceAll('-', '')}`;
}

export interface GeminiFamily {
  readonly gemma: boolean;
  /** 2.5, 3.8, 4; undefined for Gemma and unknown ids. */
  readonly version: number | undefined;
  readonly latestAlias: boolean;
}

export function geminiFamily(model: string): GeminiFamily {
  const version = /^gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1];
  return {
    gemma: model.startsWith('gemma'),
    version: version === undefined ? undefined : Number(version),
    latestAlias: /^gemini-.*-latest$/.test(model),
  };
}

const GEMINI_VERSIONS: ReadonlyMap<string, string> = new Map([
  ['gemini-1.5-flash', 'gemini-1.5-flash-002'],
  ['gemini-1.5-pro', 'gemini-1.5-pro-002'],
  ['gemini-2.0-flash', 'gemini-2.0-flash-001'],
  ['gemini-2.0-flash-lite', 'gemini-2.0-flash-lite-001'],
]);

export function geminiEcho(model: string, generation: number): string {
  const version = GEMINI_VERSIONS.get(model) ?? model;
  if (generation === 0) return version;
  const digits = /-(\d{3})$/.exec(version)?.[1];
  const stem = digits === undefined ? version : version.slice(0, -4);
  return `${stem}-${String(Number(digits ?? '1') + generation).padStart(3, '0')}`;
}

function driftDate(generation: number): string {
  return new Date(Date.UTC(2026, 0, 1) + generation * 7 * 86_400_000).toISOString().slice(0, 10);
}
