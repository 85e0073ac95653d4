import type { JsonObject, JsonValue, Tool, ToolChoice } from '../../../src-shared/domain';
import type { CallContent, CallMessage, CallPart } from '../../ports';
import { assertMediaType, dataUrl, fileName, textParts } from '../http';

interface ResponsesConversation {
  /** Null without a system text. */
  readonly instructions: string | null;
  readonly input: JsonValue;
}

/**
 * A conversation as POST /responses takes it (docs/providers.md#openai-responses): the first system text as
 * `instructions`, a single user text as it is, anything else as a list of items.
 */
export function responsesConversation(messages: readonly CallMessage[]): ResponsesConversation {
  const [first] = messages;
  const instructions = first?.role === 'system' && typeof first.content === 'string' ? first.content : null;
  const skipped = instructions === null ? 0 : 1;
  const rest = messages.slice(skipped);
  const [only, ...more] = rest;
  if (only?.role === 'user' && more.length === 0 && typeof only.content === 'string') {
    return { instructions, input: only.content };
  }
  return { instructions, input: rest.flatMap((message, index) => itemsOf(message, index + skipped)) };
}

function itemsOf(message: CallMessage, index: number): JsonObject[] {
  const path = `messages.${String(index)}.content`;
  switch (message.role) {
    case 'system':
      return [
        {
          role: 'developer',
          content:
            typeof message.content === 'string'
              ? message.content
              : textParts(message.content, path, 'a system message').map((text) => ({
                  type: 'input_text',
                  text,
                })),
        },
      ];
    case 'user':
      return [{ role: 'user', content: inputContent(message.content, path) }];
    case 'assistant':
      return [
        ...(message.content === ''
          ? []
          : [{ role: 'assistant', content: outputContent(message.content, path) }]),
        ...message.toolCalls.map(({ id, name, arguments: given }) => ({
          type: 'function_call',
          call_id: id,
          name,
          arguments: JSON.stringify(given),
        })),
      ];
    case 'tool':
      return [
        {
          type: 'function_call_output',
          call_id: message.toolCallId,
          output: inputContent(message.content, path),
        },
      ];
  }
}

/** What a model said is `output_text`; as `input_text` the API refuses it. */
function outputContent(content: CallContent, path: string): JsonValue {
  if (typeof content === 'string') return content;
  return textParts(content, path, 'an assistant message').map((text) => ({ type: 'output_text', text }));
}

function inputContent(content: CallContent, path: string): JsonValue {
  if (typeof content === 'string') return content;
  return content.map((part, index) => inputPart(part, `${path}.${String(index)}`));
}

function inputPart(part: CallPart, path: string): JsonObject {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  assertMediaType(part, path, 'openai_responses');
  return part.type === 'image'
    ? { type: 'input_image', detail: 'auto', image_url: dataUrl(part) }
    : { type: 'input_file', filename: fileName(part), file_data: dataUrl(part) };
}

/** The API turns `strict` on where it is left out, unlike all others: a tool that does not ask for it is sent false. */
export function responsesTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: 'function',
    name,
    ...(description === '' ? {} : { description }),
    parameters,
    strict: strict ?? false,
  };
}

export function responsesToolChoice(choice: ToolChoice): JsonValue {
  return typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}
