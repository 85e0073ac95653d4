import { composeAnswer } from '../../answers/compose-answer';
import type { Answer } from '../../answers/compose-answer';
import { createdSeconds } from '../../exchange';
import type { Exchange, Reply } from '../../exchange';
import { openAiEcho, openAiFamily, openAiFingerprint } from './model-rules';
import { chatProblem } from './params';
import { markedText, usageNumbers } from './shared';
import { dataFrame, textDeltas } from '../sse';
import { openAiRateHeaders } from './errors';
import { contentText, isGiven, listOf, numberOf, recordOf } from '../wire-value';
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
  const inputChars = messages.reduce((sum, message) => sum + contentText(message['content']).length, 0);

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
    reasons: family.reasons && body['reasoning_effort'] !== 'none',
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
          content: refused ? null : text,
          refusal: refused ? answer.text : null,
          annotations,
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
  const frames = [
    chunk({ role: 'assistant', content: field === 'content' ? '' : null, refusal: null }, null),
  ];
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
