import type { JsonObject, JsonValue, Tool, ToolChoice } from '../../../src-shared/domain';
import type { CallContent, CallMessage, CallPart } from '../../ports';
import { assertMediaType, dataUrl, fileName, textParts } from '../http';

/** The messages of POST /chat/completions (docs/providers.md#openai-chat-completions). */
export function chatMessages(
  messages: readonly CallMessage[],
  systemRole: 'system' | 'developer',
): JsonObject[] {
  return messages.map((message, index): JsonObject => {
    const path = `messages.${String(index)}.content`;
    switch (message.role) {
      case 'system':
        return { role: systemRole, content: textContent(message.content, path, 'a system message') };
      case 'user':
        return { role: 'user', content: userContent(message.content, path) };
      case 'assistant': {
        const content = textContent(message.content, path, 'an assistant message');
        if (message.toolCalls.length === 0) return { role: 'assistant', content };
        return {
          role: 'assistant',
          content: content === '' ? null : content,
          tool_calls: message.toolCalls.map(({ id, name, arguments: given }) => ({
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify(given) },
          })),
        };
      }
      case 'tool':
        return {
          role: 'tool',
          tool_call_id: message.toolCallId,
          content: textContent(message.content, path, 'a tool’s result in chat completions'),
        };
    }
  });
}

function textContent(content: CallContent, path: string, where: string): JsonValue {
  if (typeof content === 'string') return content;
  return textParts(content, path, where).map((text) => ({ type: 'text', text }));
}

function userContent(content: CallContent, path: string): JsonValue {
  if (typeof content === 'string') return content;
  return content.map((part, index) => userPart(part, `${path}.${String(index)}`));
}

function userPart(part: CallPart, path: string): JsonObject {
  if (part.type === 'text') return { type: 'text', text: part.text };
  assertMediaType(part, path, 'openai_chat');
  return part.type === 'image'
    ? { type: 'image_url', image_url: { url: dataUrl(part) } }
    : { type: 'file', file: { filename: fileName(part), file_data: dataUrl(part) } };
}

/** What is left out has the API's own default: no description, no arguments, not strict. */
export function chatTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: 'function',
    function: {
      name,
      ...(description === '' ? {} : { description }),
      ...(parameters === null ? {} : { parameters }),
      ...(strict === null ? {} : { strict }),
    },
  };
}

export function chatToolChoice(choice: ToolChoice): JsonValue {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}
