import { claudeVersion } from '../../../src-shared/domain';
import type { JsonObject, JsonValue, Tool, ToolChoice } from '../../../src-shared/domain';
import type { CallContent, CallMessage, CallPart, CallRequest, MediaPart } from '../../ports';
import { assertMediaType, textParts, untaken } from '../http';

/** Files that are sent as the text that they are. */
const TEXT_FILES: ReadonlySet<string> = new Set([
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/html',
  'application/json',
]);

/** The first model that takes a system message after a turn (docs/providers.md#anthropic-messages). */
const FIRST_WITH_LATER_SYSTEM = 4.8;

interface MessagesConversation {
  /** Null without a system text before the first turn. */
  readonly system: JsonValue;
  readonly messages: JsonObject[];
}

/** A turn: the API joins those of one role that follow each other, so they are sent joined. */
interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly contents: (string | JsonObject[])[];
}

/** A conversation as POST /v1/messages takes it (docs/providers.md#anthropic-messages). */
export function messagesConversation({
  messages,
  modelId,
}: Pick<CallRequest, 'messages' | 'modelId'>): MessagesConversation {
  const firstTurn = messages.findIndex(({ role }) => role !== 'system');
  const before = messages.slice(0, firstTurn < 0 ? messages.length : firstTurn);
  const turns: Turn[] = [];
  for (const [offset, message] of messages.slice(before.length).entries()) {
    const index = before.length + offset;
    const role = message.role === 'tool' ? 'user' : message.role;
    if (role === 'system') assertLaterSystem(modelId, index);
    const content = contentOf(message, `messages.${String(index)}.content`);
    const last = turns.at(-1);
    if (last?.role === role) last.contents.push(content);
    else turns.push({ role, contents: [content] });
  }
  return { system: systemOf(before), messages: turns.map(wireTurn) };
}

function assertLaterSystem(modelId: string, index: number): void {
  const version = claudeVersion(modelId);
  if (version === null || version >= FIRST_WITH_LATER_SYSTEM) return;
  untaken(
    `messages.${String(index)}.role`,
    `${modelId} takes system messages before the first turn only; Claude takes later ones from ${FIRST_WITH_LATER_SYSTEM} on`,
  );
}

function systemOf(messages: readonly CallMessage[]): JsonValue {
  const [only, ...more] = messages;
  if (only === undefined) return null;
  if (more.length === 0 && typeof only.content === 'string') return only.content;
  return messages.flatMap(({ content }, index) =>
    textParts(content, `messages.${String(index)}.content`, 'a system message').map(textBlock),
  );
}

function wireTurn({ role, contents }: Turn): JsonObject {
  const [only, ...more] = contents;
  if (typeof only === 'string' && more.length === 0) return { role, content: only };
  return {
    role,
    content: contents.flatMap((content) => (typeof content === 'string' ? [textBlock(content)] : content)),
  };
}

function contentOf(message: CallMessage, path: string): string | JsonObject[] {
  const { content } = message;
  switch (message.role) {
    case 'system':
      return typeof content === 'string'
        ? content
        : textParts(content, path, 'a system message').map(textBlock);
    case 'user':
      return typeof content === 'string' ? content : content.map((part, index) => block(part, path, index));
    case 'assistant': {
      if (message.toolCalls.length === 0 && typeof content === 'string') return content;
      const texts = textParts(content, path, 'an assistant message').filter((text) => text !== '');
      return [
        ...texts.map(textBlock),
        ...message.toolCalls.map(({ id, name, arguments: input }) => ({ type: 'tool_use', id, name, input })),
      ];
    }
    case 'tool':
      return [
        { type: 'tool_result', tool_use_id: message.toolCallId, content: resultContent(content, path) },
      ];
  }
}

function resultContent(content: CallContent, path: string): JsonValue {
  return typeof content === 'string' ? content : content.map((part, index) => block(part, path, index));
}

function textBlock(text: string): JsonObject {
  return { type: 'text', text };
}

function block(part: CallPart, path: string, index: number): JsonObject {
  if (part.type === 'text') return textBlock(part.text);
  assertMediaType(part, `${path}.${String(index)}`, 'anthropic');
  if (part.type === 'image') return { type: 'image', source: base64Source(part) };
  return {
    type: 'document',
    ...(part.name === null ? {} : { title: part.name }),
    source: TEXT_FILES.has(part.mediaType)
      ? { type: 'text', media_type: 'text/plain', data: Buffer.from(part.base64, 'base64').toString('utf8') }
      : base64Source(part),
  };
}

function base64Source({ mediaType, base64 }: MediaPart): JsonObject {
  return { type: 'base64', media_type: mediaType, data: base64 };
}

/** The API wants a schema even of a tool without arguments. */
export function messagesTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    name,
    ...(description === '' ? {} : { description }),
    input_schema: parameters ?? { type: 'object', properties: {} },
    ...(strict === null ? {} : { strict }),
  };
}

export function messagesToolChoice(choice: ToolChoice): JsonObject {
  if (typeof choice !== 'string') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}
