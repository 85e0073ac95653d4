import { hash } from 'node:crypto';
import {
  isBlank,
  textsOfMessages,
  validationError,
  type SentMessage,
  type Tool,
  type ToolChoice,
} from '../../src-shared/domain';
import { canonicalJsonOfValue } from '../../src-shared/domain/canonical';
import { assertCallsAnswered, contentPath } from './content';
import { canonicalOfInput } from './input-hash';
import { renderedPromptOf } from './render';

/** What is said to a model, whole. */
export interface SentPrompt {
  readonly messages: readonly SentMessage[];
  readonly tools: readonly Tool[];
  readonly tool_choice: ToolChoice | null;
  readonly rendered_prompt: string;
  readonly rendered_prompt_sha256: string;
}

/**
 * The record of what is sent (docs/canonical.md#text-output): the two texts where they are all of it, else the canonical
 * JSON of messages and tools. @throws VALIDATION_FAILED for content without a canonical form
 */
export function sentPromptOf(
  messages: readonly SentMessage[],
  { tools, tool_choice }: Pick<SentPrompt, 'tools' | 'tool_choice'>,
): SentPrompt {
  const texts = tools.length === 0 ? textsOfMessages(messages) : null;
  const rendered_prompt =
    texts === null
      ? canonicalOfInput(() => canonicalJsonOfValue({ messages, tools, tool_choice }))
      : renderedPromptOf({ system: texts.system_instructions, user: texts.user_prompt_template });
  return {
    messages,
    tools,
    tool_choice,
    rendered_prompt,
    rendered_prompt_sha256: hash('sha256', rendered_prompt),
  };
}

/**
 * Refuses what no provider takes. The paths count the messages as they are sent (`templates.render`).
 * @throws VALIDATION_FAILED
 */
export function assertSendable(messages: readonly SentMessage[]): void {
  if (textsOfMessages(messages) !== null) return;
  const empty = messages.findIndex(
    (message) =>
      typeof message.content === 'string' &&
      isBlank(message.content) &&
      message.role !== 'tool' &&
      !('tool_calls' in message),
  );
  if (empty >= 0) {
    throw validationError([{ path: contentPath(empty), message: 'renders to nothing: nothing was sent' }]);
  }
  if (messages.every(({ role }) => role === 'system')) {
    throw validationError([
      { path: 'messages', message: 'render to no turn of a user or an assistant: nothing was sent' },
    ]);
  }
  assertCallsAnswered(messages);
}
