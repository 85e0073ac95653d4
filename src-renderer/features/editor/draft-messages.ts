import * as z from 'zod';
import {
  isPlaceholder,
  ROLES,
  type FieldProblem,
  type Message,
  type MessageInput,
  type TwoTexts,
} from '../../../src-shared/domain';
import { readExactJson } from '../../../src-shared/files';

const text = z.string();

export const BLOCK_KINDS = [...ROLES, 'placeholder'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** A message being edited: its fields as typed, valid or not. Which of them count depends on its kind. */
export const draftMessageSchema = z.object({
  /** Tells blocks apart while they are moved; not part of the message. */
  key: text,
  kind: z.enum(BLOCK_KINDS),
  text,
  /** The content as JSON, where it is more than one text; else null. */
  parts: text.nullable(),
  /** JSON of an assistant's calls; empty for none. */
  tool_calls: text,
  tool_call_id: text,
  placeholder: text,
  optional: z.boolean(),
});
export type DraftMessage = z.infer<typeof draftMessageSchema>;
export type MessageField = Exclude<keyof DraftMessage, 'key' | 'kind' | 'optional'>;

export function newBlock(kind: BlockKind, fields: Partial<DraftMessage> = {}): DraftMessage {
  return {
    key: crypto.randomUUID().slice(0, 8),
    kind,
    text: '',
    parts: null,
    tool_calls: '',
    tool_call_id: '',
    placeholder: '',
    optional: false,
    ...fields,
  };
}

/** What usually comes next in a conversation. */
export function kindAfter(messages: readonly DraftMessage[]): BlockKind {
  const last = messages.at(-1);
  if (last?.kind === 'user') return 'assistant';
  return last?.kind === 'assistant' && last.tool_calls.trim() !== '' ? 'tool' : 'user';
}

/** The blocks that say what two texts say. Keys follow from the place, so that the same draft has the same blocks. */
export function blocksOfTexts({ system_instructions, user_prompt_template }: TwoTexts): DraftMessage[] {
  const user = newBlock('user', { text: user_prompt_template });
  return system_instructions === '' ? [user] : [newBlock('system', { text: system_instructions }), user];
}

/** The two texts, where the blocks are no more than one optional system text and then one user text. */
export function textsOfBlocks(messages: readonly DraftMessage[]): TwoTexts | null {
  if (messages.some(({ parts, tool_calls }) => parts !== null || tool_calls.trim() !== '')) return null;
  const [first, second, ...more] = messages;
  if (first === undefined || more.length > 0) return null;
  if (second === undefined)
    return first.kind === 'user' ? { system_instructions: '', user_prompt_template: first.text } : null;
  return first.kind === 'system' && second.kind === 'user'
    ? { system_instructions: first.text, user_prompt_template: second.text }
    : null;
}

export function blocksOfMessages(messages: readonly Message[]): DraftMessage[] {
  return messages.map((message, index) => ({ ...blockOf(message), key: `m${String(index)}` }));
}

function blockOf(message: Message): DraftMessage {
  if (isPlaceholder(message)) return newBlock('placeholder', message);
  const content =
    typeof message.content === 'string'
      ? { text: message.content }
      : { parts: JSON.stringify(message.content, null, 2) };
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  return newBlock(message.role, {
    ...content,
    tool_calls: calls.length === 0 ? '' : JSON.stringify(calls, null, 2),
    tool_call_id: message.role === 'tool' ? message.tool_call_id : '',
  });
}

/** Content as JSON parts, so that a second part can be added. */
export function partsOfText(source: string): string {
  return JSON.stringify([{ type: 'text', text: source }], null, 2);
}

/** Whether two lists of blocks say the same. A block that was not edited is the same object, so that it is not read. */
export function sameBlocks(a: readonly DraftMessage[] | null, b: readonly DraftMessage[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((block, at) => sameBlock(block, b[at]));
}

const BLOCK_FIELDS = draftMessageSchema.omit({ key: true }).keyof().options;

function sameBlock(a: DraftMessage, b: DraftMessage | undefined): boolean {
  return a === b || (b !== undefined && BLOCK_FIELDS.every((field) => a[field] === b[field]));
}

interface ReadMessages {
  /** As they will be checked. */
  readonly messages: MessageInput[];
  /** What is no JSON. */
  readonly problems: FieldProblem[];
}

export function readMessages(blocks: readonly DraftMessage[]): ReadMessages {
  const problems: FieldProblem[] = [];
  const json = (source: string, path: string): unknown => {
    const read = readExactJson(source);
    if (read.ok) return read.value;
    problems.push({ path, message: `Line ${String(read.problem.line ?? 1)}, ${read.problem.message}` });
    return [];
  };
  const messages = blocks.map((block, index): unknown => {
    if (block.kind === 'placeholder') return { placeholder: block.placeholder, optional: block.optional };
    const path = `messages.${String(index)}`;
    const content = block.parts === null ? block.text : json(block.parts, `${path}.content`);
    const hasCalls = block.kind === 'assistant' && block.tool_calls.trim() !== '';
    return {
      role: block.kind,
      content,
      ...(hasCalls && { tool_calls: json(block.tool_calls, `${path}.tool_calls`) }),
      ...(block.kind === 'tool' && { tool_call_id: block.tool_call_id }),
    };
  });
  return { messages: unchecked(messages), problems };
}

/** JSON that a person typed: the schema of a new template checks it. */
function unchecked(messages: readonly unknown[]): MessageInput[] {
  return z.array(z.custom<MessageInput>()).parse(messages);
}

/** The texts that Liquid renders, in their order. */
export function textsOfDraftMessages(blocks: readonly DraftMessage[]): string[] {
  return blocks.flatMap(({ kind, text: source, parts }) => {
    if (kind === 'placeholder') return [];
    if (parts === null) return [source];
    const read = readExactJson(parts);
    const list = z
      .array(z.looseObject({ text: z.string().optional() }))
      .safeParse(read.ok ? read.value : null);
    return (list.data ?? []).flatMap((part) => part.text ?? []);
  });
}

/** Names of the placeholders, which take a list of messages each. */
export function placeholdersOf(blocks: readonly DraftMessage[]): { name: string; optional: boolean }[] {
  return blocks.flatMap(({ kind, placeholder, optional }) =>
    kind === 'placeholder' && placeholder !== '' ? [{ name: placeholder, optional }] : [],
  );
}
