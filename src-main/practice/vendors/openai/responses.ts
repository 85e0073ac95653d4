import { MEDIA_RULES } from '../../../../src-shared/domain';
import { mediaOfDataUrl, mediaTokens } from '../../answers/media-tokens';
import type { Media } from '../../answers/media-tokens';
import { composeAnswer } from '../../answers/compose-answer';
import type { Answer } from '../../answers/compose-answer';
import { createdSeconds } from '../../exchange';
import type { Exchange, Reply } from '../../exchange';
import { openAiEcho, openAiFamily } from './model-rules';
import { responsesProblem } from './params';
import { responseFrames } from './response-events';
import type { OutputItem } from './response-events';
import { markedText, usageNumbers } from './shared';
import { callId, openAiTools } from './tools';
import type { ToolCall } from '../../answers/tool-calls';
import { openAiRateHeaders } from './errors';
import { contentText, jsonChars, listOf, numberOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';
import { practiceHeader } from '../../answers/written-answers';

// The response object itself takes about 1.1 KB.
const TARGET_CHARS = 700;

/** POST /v1/responses. */
export function answerResponses(exchange: Exchange): Reply {
  const problem = responsesProblem(exchange);
  if (problem !== undefined) return problem;
  const { body, random } = exchange;
  const id = `resp_${random.hex(48)}`;
  const created = createdSeconds(random);
  const { effort, summary } = recordOf(body['reasoning']);
  const isAsked = (textOf(effort) ?? textOf(summary)) !== undefined;
  const reasons = effort !== 'none' && (isAsked || openAiFamily(exchange.model).reasons);
  const answer = composeAnswer(exchange, {
    ...promptOf(body),
    json: jsonDemand(body),
    search: offersSearch(body),
    tools: openAiTools(body, 'flat', toolResult(body)),
    mediaTokens: mediaTokens(
      MEDIA_RULES.openai,
      listOf(body['input']).flatMap((item) => mediaIn(recordOf(item)['content'])),
    ),
    maxTokens: numberOf(body['max_output_tokens']),
    reasons,
    showsThinking: reasons && isAsked,
    stop: [],
    targetChars: TARGET_CHARS,
  });
  const output = outputItems(exchange, answer, reasons);
  const final = responseObject(exchange, { id, created, answer, output });
  const headers = { ...openAiRateHeaders(499, '120ms'), ...practiceHeader(answer.isWritten) };
  if (body['stream'] === true) return { status: 200, headers, body: responseFrames(final, output) };
  return { status: 200, headers, body: JSON.stringify(final) };
}

function outputItems(exchange: Exchange, answer: Answer, reasons: boolean): OutputItem[] {
  const { body, faults, random } = exchange;
  if (faults.failed) return [];
  const items: OutputItem[] = [];
  if (reasons) {
    const summary = answer.thinking === undefined ? [] : [{ type: 'summary_text', text: answer.thinking }];
    items.push({ id: `rs_${random.hex(48)}`, type: 'reasoning', summary });
  }
  if (answer.search !== undefined) {
    const { query, sources, failed } = answer.search;
    const include = listOf(body['include']);
    const action = {
      type: 'search',
      queries: [query],
      ...(include.includes('web_search_call.action.sources')
        ? { sources: sources.map(({ url }) => ({ type: 'url', url })) }
        : {}),
    };
    const results = sources.map(({ url, title }) => ({ type: 'text_result', url, title }));
    items.push({
      id: `ws_${random.hex(48)}`,
      type: 'web_search_call',
      status: failed ? 'failed' : 'completed',
      action,
      ...(include.includes('web_search_call.results') ? { results } : {}),
    });
  }
  if (answer.calls.length > 0) return [...items, ...answer.calls.map(callItem)];
  const { text, citations } = markedText(answer);
  const part =
    answer.outcome === 'refusal'
      ? { type: 'refusal', refusal: answer.text }
      : {
          type: 'output_text',
          annotations: citations.map((citation) => ({ type: 'url_citation', ...citation })),
          logprobs: [],
          text,
        };
  if (answer.outcome !== 'blocked') {
    const status = answer.outcome === 'length' ? 'incomplete' : 'completed';
    items.push({ id: `msg_${random.hex(48)}`, type: 'message', status, content: [part], role: 'assistant' });
  }
  return items;
}

function callItem(call: ToolCall): OutputItem {
  return {
    id: `fc_${call.hex}`,
    type: 'function_call',
    status: 'completed',
    arguments: JSON.stringify(call.args),
    call_id: callId(call),
    name: call.name,
  };
}

interface ResponseParts {
  readonly id: string;
  readonly created: number;
  readonly answer: Answer;
  readonly output: readonly OutputItem[];
}

function responseObject(exchange: Exchange, { id, created, answer, output }: ResponseParts) {
  const { body, faults, model, generation } = exchange;
  const text = recordOf(body['text']);
  const reasoning = recordOf(body['reasoning']);
  const reason =
    answer.outcome === 'length'
      ? 'max_output_tokens'
      : answer.outcome === 'blocked'
        ? 'content_filter'
        : null;
  const status = faults.failed ? 'failed' : reason === null ? 'completed' : 'incomplete';
  const searches = answer.search === undefined || answer.search.failed ? 0 : 1;
  return {
    id,
    object: 'response',
    created_at: created,
    status,
    background: false,
    completed_at: status === 'completed' ? created + 1 : null,
    error: faults.failed
      ? {
          code: 'server_error',
          message: 'The server had an error while processing your request. Sorry about that!',
        }
      : null,
    incomplete_details: reason === null || faults.failed ? null : { reason },
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: body['max_tool_calls'] ?? null,
    model: faults.echo ?? openAiEcho(model, generation),
    output,
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: { effort: reasoning['effort'] ?? null, summary: reasoning['summary'] ?? null },
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: { format: text['format'] ?? { type: 'text' }, verbosity: text['verbosity'] ?? 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tool_usage: { image_gen: { input_tokens: 0, output_tokens: 0 }, web_search: { num_requests: searches } },
    tools: body['tools'] ?? [],
    top_logprobs: 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: faults.failed || faults.nousage ? null : responseUsage(answer),
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  };
}

function responseUsage(answer: Answer) {
  const { input, cached, cacheWrite, output, reasoning } = usageNumbers(answer);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: cached,
      cache_write_tokens: cacheWrite,
      cache_write_tokens_details: { ttl_30m_tokens: 0, ttl_12h_tokens: 0 },
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

function promptOf(body: WireRecord): { system: string; prompt: string; inputChars: number } {
  const instructions = textOf(body['instructions']) ?? '';
  const input = body['input'];
  const tools = listOf(body['tools']).some((tool) => recordOf(tool)['type'] === 'function')
    ? jsonChars(body['tools'])
    : 0;
  if (typeof input === 'string')
    return { system: instructions, prompt: input, inputChars: input.length + instructions.length + tools };
  const messages = listOf(input).map((message) => {
    const { role, content, output, arguments: called } = recordOf(message);
    const text = contentText(content);
    return { role, text, chars: text.length + contentText(output).length + contentText(called).length };
  });
  const said = messages.filter(({ role }) => role === 'system' || role === 'developer');
  return {
    system: [instructions, ...said.map(({ text }) => text)].join('\n').trim(),
    prompt: messages.findLast(({ role }) => role === 'user')?.text ?? '',
    inputChars: messages.reduce((sum, { chars }) => sum + chars, instructions.length + tools),
  };
}

/** What the tool results say that end the request. */
function toolResult(body: WireRecord): string | undefined {
  const items = listOf(body['input']).map(recordOf);
  const results = items.slice(items.findLastIndex(({ type }) => type !== 'function_call_output') + 1);
  return results.length === 0 ? undefined : results.map(({ output }) => contentText(output)).join('\n');
}

function mediaIn(content: unknown): Media[] {
  return listOf(content).flatMap((part) => {
    const { image_url, file_data } = recordOf(part);
    return mediaOfDataUrl(textOf(image_url) ?? textOf(file_data) ?? '') ?? [];
  });
}

function jsonDemand(body: WireRecord): unknown {
  const format = recordOf(recordOf(body['text'])['format']);
  if (format['type'] === 'json_schema') return format['schema'];
  return format['type'] === 'json_object' ? true : undefined;
}

function offersSearch(body: WireRecord): boolean {
  if (body['tool_choice'] === 'none') return false;
  return listOf(body['tools']).some(
    (tool) => textOf(recordOf(tool)['type'])?.startsWith('web_search') ?? false,
  );
}
