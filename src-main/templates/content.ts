import {
  isPlaceholder,
  messagesOfTexts,
  textsOfMessages,
  validationError,
  type Message,
  type NewTemplate,
  type Template,
} from '../../src-shared/domain';

/** What a template says to a model. */
export type PromptContent = Pick<
  Template,
  | 'system_instructions'
  | 'user_prompt_template'
  | 'messages'
  | 'tools'
  | 'tool_choice'
  | 'includes'
>;

/**
 * The content of a new template, in both forms where the two texts say it all.
 * @throws VALIDATION_FAILED where both forms are given, or neither says anything
 */
export function contentOf(input: NewTemplate): PromptContent {
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

/** Content as texts alone, or with the messages that say more than they can. */
export type RenderedContent = Pick<PromptContent, 'system_instructions' | 'user_prompt_template'> &
  Partial<Pick<PromptContent, 'messages'>>;

/** All texts that Liquid renders, in their order. The two texts keep their own names. */
export function textsOf({ messages, system_instructions, user_prompt_template }: RenderedContent): TextAt[] {
  if (messages === undefined || textsOfMessages(messages) !== null) {
    return [
      { text: system_instructions, path: 'system_instructions' },
      { text: user_prompt_template, path: 'user_prompt_template' },
    ];
  }
  return messages.flatMap((message, index) => textsOfMessage(message, `messages/${String(index)}/content`));
}

function textsOfMessage(message: Message, path: string): TextAt[] {
  if (isPlaceholder(message)) return [];
  if (typeof message.content === 'string') return [{ text: message.content, path }];
  return message.content.flatMap((part, index) =>
    part.type === 'text' ? [{ text: part.text, path: `${path}/${String(index)}/text` }] : [],
  );
}

/** A result answers a call that was made before it, and each call has one result: every provider refuses less. */
function assertToolCallsMatch(messages: readonly Message[]): void {
  const open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const path = `messages/${String(index)}`;
    if (isPlaceholder(message)) continue;
    if (message.role === 'tool') {
      if (open.delete(message.tool_call_id)) continue;
      throw validationError([
        { path: `${path}/tool_call_id`, message: `"${message.tool_call_id}" is no call of the messages before` },
      ]);
    }
    if (message.role !== 'assistant') continue;
    for (const [at, { id }] of (message.tool_calls ?? []).entries()) {
      if (open.has(id)) {
        throw validationError([
          { path: `${path}/tool_calls/${String(at)}/id`, message: `"${id}" is the id of another call` },
        ]);
      }
      open.add(id);
    }
  }
}
