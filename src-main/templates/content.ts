import {
  isPlaceholder,
  messagesOfTexts,
  textsOfMessages,
  validationError,
  type FieldProblem,
  type Message,
  type NewTemplate,
  type SentMessage,
  type Template,
  type TwoTexts,
} from '../../src-shared/domain';

/** What a template says to a model. */
export type PromptContent = Pick<
  Template,
  'system_instructions' | 'user_prompt_template' | 'messages' | 'tools' | 'tool_choice' | 'includes'
>;

/** Content as it is given: of a new template, or of a draft. */
export type ContentInput = Pick<
  NewTemplate,
  'system_instructions' | 'user_prompt_template' | 'messages' | 'tools' | 'tool_choice' | 'includes'
>;

/**
 * The content of a new template, in both forms where the two texts say it all.
 * @throws VALIDATION_FAILED where both forms are given, or a result answers no call
 */
export function contentOf(input: ContentInput): PromptContent {
  const { system_instructions, user_prompt_template, tools, tool_choice, includes } = input;
  const hasTexts = (system_instructions ?? '') !== '' || (user_prompt_template ?? '') !== '';
  if (input.messages && hasTexts) {
    const path = system_instructions ? 'system_instructions' : 'user_prompt_template';
    throw validationError([
      { path, message: 'is not given beside "messages": give the conversation in one form' },
    ]);
  }
  const texts = input.messages
    ? textsOfMessages(input.messages)
    : { system_instructions: system_instructions ?? '', user_prompt_template: user_prompt_template ?? '' };
  const messages = texts === null ? (input.messages ?? []) : messagesOfTexts(texts);
  assertToolCallsMatch(messages);
  return {
    ...(texts ?? { system_instructions: '', user_prompt_template: '' }),
    messages,
    tools: tools ?? [],
    tool_choice: (tools ?? []).length === 0 ? null : (tool_choice ?? 'auto'),
    includes: includes ?? [],
  };
}

/** A text of a template, and where it is. */
export interface TextAt {
  readonly text: string;
  readonly path: string;
}

/** What rendering fills: a text, or a place that takes a variable's whole value. */
export type Slot =
  | ({ readonly kind: 'text' } & TextAt)
  | { readonly kind: 'messages'; readonly variable: string; readonly optional: boolean }
  | { readonly kind: 'file'; readonly variable: string };

/** Content as texts alone, or with the messages that say more than they can. */
export type RenderedContent = Pick<PromptContent, 'system_instructions' | 'user_prompt_template'> &
  Partial<Pick<PromptContent, 'messages'>>;

/** The two texts, where they are the whole conversation. */
export function twoTextsOf({ messages, ...texts }: RenderedContent): TwoTexts | null {
  return messages === undefined ? texts : textsOfMessages(messages);
}

/** All that rendering fills, in its order. The two texts keep their own names. */
export function slotsOf(content: RenderedContent): Slot[] {
  const texts = twoTextsOf(content);
  if (texts !== null) {
    return [
      { kind: 'text', text: texts.system_instructions, path: 'system_instructions' },
      { kind: 'text', text: texts.user_prompt_template, path: 'user_prompt_template' },
    ];
  }
  return (content.messages ?? []).flatMap((message, index) => slotsOfMessage(message, contentPath(index)));
}

/** All texts that Liquid renders, in their order. */
export function textsOf(content: RenderedContent): TextAt[] {
  return slotsOf(content).filter((slot) => slot.kind === 'text');
}

/** Where a message's content is, or one of its parts. */
export function contentPath(message: number, part?: number): string {
  return `messages.${String(message)}.content${part === undefined ? '' : `.${String(part)}`}`;
}

function slotsOfMessage(message: Message, path: string): Slot[] {
  if (isPlaceholder(message)) {
    return [{ kind: 'messages', variable: message.placeholder, optional: message.optional }];
  }
  if (typeof message.content === 'string') return [{ kind: 'text', text: message.content, path }];
  return message.content.flatMap((part, index): Slot[] => {
    if (part.type === 'text')
      return [{ kind: 'text', text: part.text, path: `${path}.${String(index)}.text` }];
    return 'variable' in part ? [{ kind: 'file', variable: part.variable }] : [];
  });
}

/**
 * A result answers a call that was made before it, and a call has an id of its own. After a placeholder, which may bring
 * calls, only the whole conversation can tell (`assertCallsAnswered`).
 */
function assertToolCallsMatch(messages: readonly Message[]): void {
  const open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (isPlaceholder(message)) return;
    if (message.role === 'tool') {
      if (open.delete(message.tool_call_id)) continue;
      throw validationError([unknownCall(index, message.tool_call_id)]);
    }
    if (message.role !== 'assistant') continue;
    for (const [at, { id }] of (message.tool_calls ?? []).entries()) {
      if (open.has(id)) throw validationError([repeatedCall(index, at, id)]);
      open.add(id);
    }
  }
}

/**
 * Every provider refuses a conversation in which a call is not answered before anything else is said, so it is refused
 * here. @throws VALIDATION_FAILED
 */
export function assertCallsAnswered(messages: readonly SentMessage[]): void {
  const open = new Map<string, string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (open.delete(message.tool_call_id)) continue;
      throw validationError([unknownCall(index, message.tool_call_id)]);
    }
    assertNoneOpen(open);
    if (message.role !== 'assistant') continue;
    for (const [at, { id }] of (message.tool_calls ?? []).entries()) {
      if (open.has(id)) throw validationError([repeatedCall(index, at, id)]);
      open.set(id, `messages.${String(index)}.tool_calls.${String(at)}`);
    }
  }
  assertNoneOpen(open);
}

function assertNoneOpen(open: ReadonlyMap<string, string>): void {
  const [first] = open;
  if (first === undefined) return;
  const [id, path] = first;
  throw validationError([
    { path, message: `"${id}" has no result: a message of the role tool must follow at once` },
  ]);
}

function unknownCall(message: number, id: string): FieldProblem {
  return {
    path: `messages.${String(message)}.tool_call_id`,
    message: `"${id}" is no call of the messages before`,
  };
}

function repeatedCall(message: number, call: number, id: string): FieldProblem {
  return {
    path: `messages.${String(message)}.tool_calls.${String(call)}.id`,
    message: `"${id}" is the id of another call`,
  };
}
