import { modelName } from '../../../src-shared/domain';
import type { JsonObject, Tool, ToolChoice } from '../../../src-shared/domain';
import type { CallContent, CallMessage, CallPart, CallRequest } from '../../ports';
import { assertMediaType, textParts, untaken } from '../http';

type Part =
  | { text: string }
  | { inlineData: { mimeType: string; data: string } }
  | { functionCall: { name: string; args: JsonObject }; thoughtSignature?: string }
  | { functionResponse: { name: string; response: JsonObject } };
interface Turn {
  role: 'user' | 'model';
  parts: Part[];
}

interface GeminiConversation {
  /** The texts of the system messages. */
  readonly system: readonly string[];
  readonly contents: Turn[];
}

/** A conversation as :generateContent takes it (docs/providers.md#gemini-generatecontent); turns of one role are joined. */
export function geminiConversation({
  messages,
  modelId,
}: Pick<CallRequest, 'messages' | 'modelId'>): GeminiConversation {
  const system: string[] = [];
  const contents: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages.${String(index)}.content`;
    if (message.role === 'system') {
      if (contents.length > 0) {
        untaken(`messages.${String(index)}.role`, 'Gemini takes system messages before the first turn only');
      }
      system.push(...textParts(message.content, path, 'a system message'));
      continue;
    }
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = partsOf(message, path, modelId);
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  return { system, contents };
}

function partsOf(message: CallMessage, path: string, modelId: string): Part[] {
  const { content } = message;
  if (message.role === 'tool') {
    return [{ functionResponse: { name: message.toolName, response: responseOf(content, path) } }];
  }
  if (message.role !== 'assistant') {
    if (typeof content === 'string') return [{ text: content }];
    return content.map((part, index) => partOf(part, `${path}.${String(index)}`));
  }
  const texts = textParts(content, path, 'an assistant message');
  return [
    ...(message.toolCalls.length > 0 ? texts.filter((text) => text !== '') : texts).map((text) => ({ text })),
    // Without ids: version 1 of the API refuses them, and results follow their calls in order.
    ...message.toolCalls.map(({ name, arguments: args }, index) => ({
      functionCall: { name, args },
      ...(index === 0 && wantsSignature(modelId) ? { thoughtSignature: NO_SIGNATURE } : {}),
    })),
  ];
}

function partOf(part: CallPart, path: string): Part {
  if (part.type === 'text') return { text: part.text };
  assertMediaType(part, path, 'gemini');
  return { inlineData: { mimeType: part.mediaType, data: part.base64 } };
}

/** `output` is the API's own key for what a function gave; the text in it stays as it is. */
function responseOf(content: CallContent, path: string): JsonObject {
  if (typeof content === 'string') return { output: content };
  return { output: textParts(content, path, 'a tool’s result in Gemini') };
}

/** From version 3 on, a model refuses a turn whose first call lacks the signature of the thought behind it. */
function wantsSignature(modelId: string): boolean {
  return !/^(models\/)?gemini-[12](\D|$)/.test(modelName(modelId));
}

/** What Google documents for calls that no Gemini model made (ai.google.dev/gemini-api/docs/thought-signatures). */
const NO_SIGNATURE = 'skip_thought_signature_validator';

export function geminiFunction({ name, description, parameters, strict }: Tool, index: number): JsonObject {
  if (strict === true) {
    untaken(`tools.${String(index)}.strict`, 'Gemini has no strict tools: leave it out or set it to false');
  }
  return {
    name,
    ...(description === '' ? {} : { description }),
    ...(parameters === null ? {} : { parametersJsonSchema: parameters }),
  };
}

export function geminiCallingConfig(choice: ToolChoice): JsonObject {
  if (typeof choice !== 'string') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] };
}
