import type { JsonValue } from '../../src-shared/domain/json/json-value';
import { isRecord } from '../../src-shared/domain/json/is-record';
import { textsOfMessages, type Template } from '../../src-shared/domain';

/** Where two templates of one configuration hash are not the same, and why the hash does not tell. */
export interface BeyondHash {
  /** Of the kind "inference_params.top_p". */
  readonly path: string;
  readonly reason: string;
}

/** All that is sent, or decides whether it may be: the rest of a template only describes it. */
export type Effective = Pick<
  Template,
  | 'system_instructions'
  | 'user_prompt_template'
  | 'messages'
  | 'tools'
  | 'tool_choice'
  | 'includes'
  | 'provider'
  | 'model_id'
  | 'inference_params'
  | 'response_schema'
  | 'grounding_mode'
  | 'als'
  | 'model_version_constraint'
  | 'fingerprint_allowlist'
>;

const NUMBER = 'beyond the six decimals that a configuration is told apart by';
const TEXT = 'in its line ends or Unicode form, by which configurations are not told apart';
const ORDER = 'in the order of its keys, by which configurations are not told apart';
const NO_PART = 'which is no part of a configuration';

/**
 * The hash rounds numbers, normalises texts and sorts keys (docs/canonical.md#template-configuration), and a model gets
 * all of them as they were given: two templates of one hash may still ask for something else.
 */
export function beyondHash(stored: Effective, next: Effective): BeyondHash[] {
  return [
    ...differences(contentOf(stored), contentOf(next), ''),
    // A set: who is on the list counts, not where.
    ...(sameMembers(stored.fingerprint_allowlist, next.fingerprint_allowlist)
      ? []
      : [{ path: 'fingerprint_allowlist', reason: NO_PART }]),
  ];
}

/** In a fixed order, and the two texts in one form only. `country_set` is hashed as it is used. */
function contentOf(template: Effective): Record<string, unknown> {
  const { system_instructions, user_prompt_template, messages } = template;
  return {
    ...(textsOfMessages(messages) === null ? { messages } : { system_instructions, user_prompt_template }),
    tools: template.tools,
    tool_choice: template.tool_choice,
    includes: template.includes,
    provider: template.provider,
    model_id: template.model_id,
    inference_params: sortedParams(template.inference_params),
    response_schema: template.response_schema,
    grounding_mode: template.grounding_mode,
    als: template.als,
    model_version_constraint: template.model_version_constraint,
  };
}

/** A parameter is a field of the request wherever it stands, and one that is null is not sent. */
function sortedParams(params: Template['inference_params']): Record<string, JsonValue> {
  const sent = Object.entries(params).filter(([, value]) => value !== null);
  return Object.fromEntries(sent.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function differences(stored: unknown, next: unknown, path: string): BeyondHash[] {
  if (Array.isArray(stored) && Array.isArray(next) && stored.length === next.length) {
    return stored.flatMap((each: unknown, index) =>
      differences(each, next[index], joined(path, String(index))),
    );
  }
  if (isRecord(stored) && isRecord(next)) return differencesOfObjects(stored, next, path);
  // As it is sent: -0 is written as 0.
  if (JSON.stringify(stored) === JSON.stringify(next)) return [];
  return [{ path, reason: typeof next === 'number' ? NUMBER : TEXT }];
}

function differencesOfObjects(
  stored: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  path: string,
): BeyondHash[] {
  const keys = Object.keys(stored);
  const inner = keys.flatMap((key) => differences(stored[key], next[key], joined(path, key)));
  if (inner.length > 0) return inner;
  return keys.join('\n') === Object.keys(next).join('\n') ? [] : [{ path, reason: ORDER }];
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set([...a, ...b]).size && new Set(b).size === new Set(a).size;
}

/** `inference_params.top_p, beyond the six decimals …; fingerprint_allowlist, which is …` */
export function differenceText(found: readonly BeyondHash[]): string {
  const shown = found.slice(0, 3).map(({ path, reason }) => `${path}, ${reason}`);
  const more = found.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${String(more)} more` : ''}`;
}
