import { applyPatch, createPatch } from 'rfc6902';
import {
  jsonValueSchema,
  textsOfMessages,
  type JsonObject,
  type JsonValue,
  type Message,
  type Role,
  type Template,
  type TemplateDiff,
} from '../../../src-shared/domain';
import { changesOf } from '../../../src-shared/diff';
import { VISIBLE_FIELDS } from '../visible-diff';

/** Compared by words, or said by the history: everything else of a template is structure. */
const NO_STRUCTURE: ReadonlySet<string> = new Set([
  'system_instructions',
  'user_prompt_template',
  'messages',
  'parent_template_id',
  'message',
]);
const STRUCTURE = VISIBLE_FIELDS.filter((field) => !NO_STRUCTURE.has(field));

/** How one template became another: texts by words, everything else by structure (RFC 6902). */
export function templateDiff(
  from: Template,
  to: Template,
): Pick<TemplateDiff, 'same_configuration' | 'texts' | 'patch'> {
  const [before, after] = [contentOf(from, to), contentOf(to, from)];
  const paths = [...new Set([...before.texts.keys(), ...after.texts.keys()])].toSorted(byPlace);
  return {
    same_configuration: from.config_sha256 === to.config_sha256,
    texts: paths.flatMap((path) => {
      const [old, next] = [before.texts.get(path) ?? '', after.texts.get(path) ?? ''];
      return old === next ? [] : [{ path, changes: changesOf(old, next) }];
    }),
    patch: patchOf(before.structure, after.structure),
  };
}

/** Each operation with what it replaces or removes: places in an array shift as the operations before it are applied. */
function patchOf(from: JsonObject, to: JsonObject): TemplateDiff['patch'] {
  const state = structuredClone(from);
  return createPatch(from, to).map((operation) => {
    const { op, path } = operation;
    const before = op === 'replace' || op === 'remove' ? valueAt(state, path) : undefined;
    applyPatch(state, [operation]);
    return {
      op,
      path,
      ...('value' in operation && { value: jsonValueSchema.parse(operation.value) }),
      ...(before !== undefined && { before }),
    };
  });
}

interface Content {
  /** By JSON pointer. */
  readonly texts: ReadonlyMap<string, string>;
  readonly structure: JsonObject;
}

/** Two templates of two texts each are compared as these; of other conversations, message by message. */
function contentOf(template: Template, other: Template): Content {
  const fields: JsonObject = Object.fromEntries(STRUCTURE.map((field) => [field, template[field]]));
  const areTexts = [template, other].every(({ messages }) => textsOfMessages(messages) !== null);
  if (areTexts) {
    return {
      texts: new Map([
        ['/system_instructions', template.system_instructions],
        ['/user_prompt_template', template.user_prompt_template],
      ]),
      structure: fields,
    };
  }
  const texts = new Map<string, string>();
  const messages = template.messages.map((message, index) =>
    withoutText(message, index, other.messages[index], texts),
  );
  return { texts, structure: { ...fields, messages } };
}

/**
 * A text whose counterpart is a text of the same role is compared by words, and here replaced by null; others belong to
 * the structure.
 */
function withoutText(
  message: Message,
  index: number,
  counterpart: Message | undefined,
  texts: Map<string, string>,
): JsonValue {
  if (!('role' in message) || typeof message.content !== 'string' || !isTextOf(counterpart, message.role))
    return message;
  texts.set(`/messages/${index}/content`, message.content);
  return { ...message, content: null };
}

function isTextOf(message: Message | undefined, role: Role): boolean {
  return (
    message !== undefined && 'role' in message && message.role === role && typeof message.content === 'string'
  );
}

/** System before user, and messages by their number. */
function byPlace(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
function valueAt(root: JsonValue, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = value[Number(key)];
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}
