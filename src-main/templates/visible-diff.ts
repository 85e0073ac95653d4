import type { JsonPatchOperation } from '../../src-shared/domain/json/json-patch';
import type { JsonValue } from '../../src-shared/domain/json/json-value';
import { textsOfMessages, type Template } from '../../src-shared/domain';

/** What a person gives to a template and sees of it. */
export const VISIBLE_FIELDS = [
  'name',
  'description',
  'system_instructions',
  'user_prompt_template',
  'messages',
  'tools',
  'tool_choice',
  'includes',
  'country_set',
  'provider',
  'model_id',
  'inference_params',
  'response_schema',
  'grounding_mode',
  'als',
  'model_version_constraint',
  'fingerprint_allowlist',
  'tags',
  'version_label',
  'parent_template_id',
  'message',
] as const satisfies readonly (keyof Template)[];

export type VisibleFields = Readonly<Pick<Template, (typeof VISIBLE_FIELDS)[number]>>;

/**
 * What turns the stored template into the new one, as an RFC 6902 patch by field. Of two duplicates the
 * configurations are equal in their canonical form, so this shows what remains: names, notes, other spellings of the
 * same numbers and lists.
 */
export function diffVisibleFields(stored: VisibleFields, next: VisibleFields): JsonPatchOperation[] {
  // Two texts that are the whole conversation are shown as that, and not as messages a second time.
  const areTexts = [stored, next].every(({ messages }) => textsOfMessages(messages) !== null);
  return VISIBLE_FIELDS.filter(
    (field) => !(field === 'messages' && areTexts) && !sameJson(stored[field], next[field]),
  ).map((field) => ({
    op: 'replace',
    path: `/${field}`,
    value: next[field],
  }));
}

/** As written: another order of keys is a difference that a person can see. */
function sameJson(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
