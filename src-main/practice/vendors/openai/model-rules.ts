import { fnv1a } from '../../answers/prng';
import { driftDate } from '../drift-date';

/** Which parameters OpenAI's models take and how they name their versions (docs/providers.md#parameters-by-model). */

export interface OpenAiFamily {
  readonly temperature: 'yes' | 'never' | 'with-effort-none';
  /** Accepted efforts; undefined: undocumented, so any. */
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
/** For ids that OpenAI does not have, as on a compatible server, which accepts anything. */
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

/** The model that OpenAI echoes; each drift moves its date by a week. */
export function openAiEcho(model: string, generation: number): string {
  const snapshot = OPENAI_SNAPSHOTS.get(model) ?? model;
  if (generation === 0) return snapshot;
  return `${snapshot.replace(/-\d{4}-\d{2}-\d{2}$/, '')}-${driftDate(generation)}`;
}

/** Models of the 4o era return a fingerprint, later ones null (docs/providers.md#version-evidence). */
export function openAiFingerprint(model: string, generation: number): string | null {
  if (!/^(gpt-4o|gpt-4|gpt-3\.5)/.test(model) || model.startsWith('gpt-4.1-nano')) return null;
  const head = fnv1a(`${openAiEcho(model, 0)}#${generation}`)
    .toString(16)
    .padStart(8, '0');
  return `fp_${head}${((generation * 37 + 81) % 256).toString(16).padStart(2, '0')}`;
}
