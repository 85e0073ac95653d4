import { MEDIA_RULES } from '../../../../src-shared/domain';
import { mediaOfDataUrl, mediaTokens } from '../../answers/media-tokens';
import type { Media } from '../../answers/media-tokens';
import { composeAnswer } from '../../answers/compose-answer';
import type { Answer } from '../../answers/compose-answer';
import { createdSeconds } from '../../exchange';
import type { Exchange, Reply } from '../../exchange';
import { openAiEcho, openAiFamily, openAiFingerprint } from './model-rules';
import { chatProblem } from './params';
import { markedText, usageNumbers } from './shared';
import { callId, openAiTools } from './tools';
import { dataFrame, textDeltas } from '../sse';
import { openAiRateHeaders } from './errors';
import { contentText, isGiven, jsonChars, listOf, numberOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';
import { practiceHeader } from '../../answers/written-answers';

const TARGET_CHARS = 1_250;
const DELTA_CHARS = 24;

/** POST /v1/chat/completions. */
export function answerChat(exchange: Exchange): Reply {
  const problem = chatProblem(exchange);
  if (problem !== undefined) return problem;
  const { body, faults, random } = exchange;
  const family = openAiFamily(exchange.model);
  const messages = listOf(body['messages']).map(recordOf);
  const inputChars = messages.reduce(
    (sum, message) => sum + contentText(message['content']).length + jsonChars(message['tool_calls']),
    jsonChars(body['tools']),
  );
  const effort = textOf(body['reasoning_effort']);
  const showsThinking = effort !== undefined && effort !== 'none';

  const head = {
    id: `chatcmpl-${random.hex(29)}`,
    created: createdSeconds(random),
    model:
      faults.echo ?? openAiEcho(exchange.model, fingerprintOf(exchange) === null ? exchange.generation : 0),
  };
  const answer = composeAnswer(exchange, {
    system: messages
      .filter(({ role }) => role === 'system' || role === 'developer')
      .map(({ content }) => contentText(content))
      .join('\n'),
    prompt: contentText(messages.findLast((message) => message['role'] === 'user')?.['content']),
    inputChars,
    json: jsonDemand(body),
    search: family.chatSearch && isGiven(body['web_search_options']),
    maxTokens: numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']),
    tools: openAiTools(body, 'wrapped', toolResult(messages)),
    mediaTokens: mediaTokens(
      MEDIA_RULES.openai,
      messages.flatMap(({ content }) => mediaIn(content)),
    ),
    reasons: effort === undefined ? family.reasons : showsThinking,
    showsThinking,
    stop: [body['stop']].flat().filter((item) => typeof item === 'string'),
    targetChars: TARGET_CHARS,
  });
  const headers = { ...openAiRateHeaders(499, '120ms'), ...practiceHeader(answer.isWritten) };
  if (body['stream'] === true) return { status: 200, headers, body: chatFrames(exchange, head, answer) };

  const { text, annotations } = chatText(answer);
  const refused = answer.outcome === 'refusal';
  const completion = {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: refused || answer.calls.length > 0 ? null : text,
          refusal: refused ? answer.text : null,
          annotations,
          ...(answer.thinking === undefined ? {} : { reasoning_content: answer.thinking }),
          ...(answer.calls.length === 0 ? {} : { tool_calls: toolCalls(answer) }),
        },
        logprobs: null,
        finish_reason: finishReason(answer),
      },
    ],
    ...(faults.nousage ? {} : { usage: chatUsage(answer) }),
    service_tier: 'default',
    ...fingerprintField(exchange),
  };
  return { status: 200, headers, body: JSON.stringify(completion) };
}

/** What the tool messages say that end the request. */
function toolResult(messages: readonly WireRecord[]): string | undefined {
  const results = messages.slice(messages.findLastIndex(({ role }) => role !== 'tool') + 1);
  return results.length === 0 ? undefined : results.map(({ content }) => contentText(content)).join('\n');
}

function mediaIn(content: unknown): Media[] {
  return listOf(content).flatMap((part) => {
    const { image_url, file } = recordOf(part);
    const url = textOf(recordOf(image_url)['url']) ?? textOf(recordOf(file)['file_data']) ?? '';
    return mediaOfDataUrl(url) ?? [];
  });
}

function toolCalls({ calls }: Answer) {
  return calls.map((call) => ({
    id: callId(call),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.args) },
  }));
}

interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

function chatFrames(exchange: Exchange, head: Head, answer: Answer): string[] {
  const { body, faults } = exchange;
  const wantsUsage = recordOf(body['stream_options'])['include_usage'] === true && faults.nousage !== true;
  const common = {
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model: head.model,
    service_tier: 'default',
    ...fingerprintField(exchange),
  };
  const chunk = (delta: object, finish: string | null) =>
    dataFrame({
      ...common,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(wantsUsage ? { usage: null } : {}),
    });

  const { text, annotations } = chatText(answer);
  const field = answer.outcome === 'refusal' ? 'refusal' : 'content';
  const isText = field === 'content' && answer.calls.length === 0;
  const frames = [chunk({ role: 'assistant', content: isText ? '' : null, refusal: null }, null)];
  for (const piece of textDeltas(answer.thinking ?? '', DELTA_CHARS))
    frames.push(chunk({ reasoning_content: piece }, null));
  for (const [index, { function: called, ...call }] of toolCalls(answer).entries()) {
    const send = (tool_call: object) => frames.push(chunk({ tool_calls: [{ index, ...tool_call }] }, null));
    send({ ...call, function: { ...called, arguments: '' } });
    for (const piece of textDeltas(called.arguments, DELTA_CHARS)) send({ function: { arguments: piece } });
  }
  for (const piece of textDeltas(text, DELTA_CHARS)) frames.push(chunk({ [field]: piece }, null));
  if (annotations.length > 0) frames.push(chunk({ annotations }, null));
  if (faults.failed) {
    const message = 'The server had an error while processing your request. Sorry about that!';
    frames.push(dataFrame({ error: { message, type: 'server_error', param: null, code: null } }));
    return frames;
  }
  frames.push(chunk({}, finishReason(answer)));
  if (wantsUsage) frames.push(dataFrame({ ...common, choices: [], usage: chatUsage(answer) }));
  frames.push('data: [DONE]\n\n');
  return frames;
}

function chatText(answer: Answer) {
  const { text, citations } = markedText(answer);
  return {
    text,
    annotations: citations.map((citation) => ({ type: 'url_citation', url_citation: citation })),
  };
}

function finishReason(answer: Answer): string {
  if (answer.outcome === 'length') return 'length';
  if (answer.calls.length > 0) return 'tool_calls';
  // A refusal ends with `stop`; only the filter has its own reason.
  return answer.outcome === 'blocked' ? 'content_filter' : 'stop';
}

function jsonDemand(body: WireRecord): unknown {
  const format = recordOf(body['response_format']);
  if (format['type'] === 'json_schema') return recordOf(format['json_schema'])['schema'];
  return format['type'] === 'json_object' ? true : undefined;
}

function chatUsage(answer: Answer) {
  const { input, cached, cacheWrite, output, reasoning } = usageNumbers(answer);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Null for models without one and when the field is withheld. */
function fingerprintOf({ faults, model, generation }: Exchange): string | null {
  if (faults.nofingerprint) return null;
  return faults.fingerprint ?? openAiFingerprint(model, generation);
}

/** `nofingerprint` omits the field; null needs no fault, because current models return it anyway. */
function fingerprintField(exchange: Exchange): { system_fingerprint?: string | null } {
  return exchange.faults.nofingerprint ? {} : { system_fingerprint: fingerprintOf(exchange) };
}
