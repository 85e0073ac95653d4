import { MEDIA_RULES } from '../../../../src-shared/domain';
import { messagesProblem } from './params';
import { messageFrames } from './message-events';
import { mediaTokens } from '../../answers/media-tokens';
import type { Media } from '../../answers/media-tokens';
import type { OfferedTool, ToolOffer } from '../../answers/tool-calls';
import { composeAnswer } from '../../answers/compose-answer';
import type { Answer } from '../../answers/compose-answer';
import type { Exchange, Reply } from '../../exchange';
import { claudeEcho, claudeFamily } from './model-rules';
import type { Random } from '../../answers/prng';
import { anthropicError, anthropicRateHeaders } from './errors';
import { contentText, isGiven, jsonChars, listOf, numberOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';
import { practiceHeader } from '../../answers/written-answers';

const TARGET_CHARS = 1_150;

/** POST /v1/messages. */
export function answerMessages(exchange: Exchange): Reply {
  const problem = messagesProblem(exchange);
  if (problem !== undefined) return problem;
  const { body, faults, model, random } = exchange;
  const stream = body['stream'] === true;
  // Only a stream can fail after its 200.
  if (faults.failed && !stream) return anthropicError(exchange, 529, 'Overloaded');

  const messages = listOf(body['messages']).map(recordOf);
  const system = contentText(body['system']);
  const systemChars = system.length;
  const { type: thinking, display } = recordOf(body['thinking']);
  const effort = recordOf(body['output_config'])['effort'];
  const isAsked =
    thinking === 'adaptive' || thinking === 'enabled' || (isGiven(effort) && thinking !== 'disabled');
  const reasons = claudeFamily(model).alwaysThinks || isAsked;
  const composed = composeAnswer(exchange, {
    system,
    prompt: lastSaid(messages),
    inputChars: messages.reduce(
      (sum, { content }) => sum + contentText(content).length + toolChars(content),
      systemChars + jsonChars(functionsOf(body)),
    ),
    json: recordOf(recordOf(body['output_config'])['format'])['schema'],
    search: offersSearch(body),
    tools: toolOffer(body, messages),
    mediaTokens: mediaTokens(
      MEDIA_RULES.anthropic,
      messages.flatMap(({ content }) => mediaIn(content)),
    ),
    maxTokens: numberOf(body['max_tokens']),
    reasons,
    showsThinking: isAsked && display !== 'omitted',
    stop: listOf(body['stop_sequences']).filter((item) => typeof item === 'string'),
    targetChars: TARGET_CHARS,
  });
  // A paused turn comes back as the last message; its continuation is complete.
  const resumed = messages.at(-1)?.['role'] === 'assistant';
  const answer: Answer =
    resumed && composed.outcome === 'paused' ? { ...composed, outcome: 'stop' } : composed;

  const message = {
    model: faults.echo ?? claudeEcho(model, exchange.generation),
    id: `msg_01${random.hex(22)}`,
    type: 'message',
    role: 'assistant',
    content: contentBlocks(exchange, answer, reasons),
    ...stopFields(answer),
    container: null,
    diagnostics: null,
    ...(faults.nousage ? {} : { usage: messageUsage(body, systemChars, answer) }),
  };
  const headers = { ...anthropicRateHeaders(0.99, 1), ...practiceHeader(answer.isWritten) };
  if (stream) return { status: 200, headers, body: messageFrames(message, faults.failed === true) };
  return { status: 200, headers, body: JSON.stringify(message) };
}

/** The last text from the user; tool results alone say nothing. */
function lastSaid(messages: readonly WireRecord[]): string {
  return (
    messages
      .filter(({ role }) => role === 'user')
      .map(({ content }) => contentText(content))
      .findLast((text) => text !== '') ?? ''
  );
}

/** Tools that the caller executes; the server's own have another type. */
function functionsOf(body: WireRecord): WireRecord[] {
  return listOf(body['tools'])
    .map(recordOf)
    .filter(({ type }) => !isGiven(type) || type === 'custom');
}

function toolOffer(body: WireRecord, messages: readonly WireRecord[]): ToolOffer {
  const { type, name, disable_parallel_tool_use } = recordOf(body['tool_choice']);
  const forced = textOf(name);
  return {
    tools: functionsOf(body).flatMap((tool): OfferedTool[] => {
      const called = textOf(tool['name']);
      return called === undefined ? [] : [{ name: called, parameters: tool['input_schema'] }];
    }),
    choice:
      type === 'none'
        ? 'none'
        : type === 'any'
          ? 'required'
          : type === 'tool' && forced !== undefined
            ? { name: forced }
            : 'auto',
    isParallel: disable_parallel_tool_use !== true,
    result: toolResult(messages.at(-1)),
  };
}

function toolResult(last: WireRecord | undefined): string | undefined {
  const results = listOf(last?.['content'])
    .map(recordOf)
    .filter(({ type }) => type === 'tool_result');
  return results.length === 0 ? undefined : results.map(({ content }) => contentText(content)).join('\n');
}

/** Characters of calls and results, which have no `text` of their own. */
function toolChars(content: unknown): number {
  return listOf(content)
    .map(recordOf)
    .reduce(
      (sum, { type, input, content: result }) =>
        type === 'tool_use'
          ? sum + jsonChars(input)
          : type === 'tool_result'
            ? sum + contentText(result).length
            : sum,
      0,
    );
}

function mediaIn(content: unknown): Media[] {
  return listOf(content).flatMap((block) => {
    const { type, source } = recordOf(block);
    const { media_type, data } = recordOf(source);
    const isMedia = type === 'image' || type === 'document';
    return isMedia ? [{ media_type: textOf(media_type) ?? '', base64: textOf(data) ?? '' }] : [];
  });
}

function offersSearch(body: WireRecord): boolean {
  if (recordOf(body['tool_choice'])['type'] === 'none') return false;
  return listOf(body['tools']).some(
    (tool) => textOf(recordOf(tool)['type'])?.startsWith('web_search_') ?? false,
  );
}

function contentBlocks(exchange: Exchange, answer: Answer, reasons: boolean): WireRecord[] {
  const { random } = exchange;
  const blocks: WireRecord[] = [];
  // The thinking text is withheld unless asked for; its signature is always present.
  if (reasons)
    blocks.push({ type: 'thinking', thinking: answer.thinking ?? '', signature: base64Like(random, 96) });
  if (answer.search !== undefined) blocks.push(...searchBlocks(answer.search, random));
  if (answer.outcome === 'refusal' || answer.outcome === 'blocked') return blocks;
  if (answer.calls.length > 0) {
    const calls = answer.calls.map(({ hex, name, args }) => ({
      type: 'tool_use',
      id: `toolu_01${hex.slice(0, 22)}`,
      name,
      input: args,
    }));
    return [...blocks, ...calls];
  }

  let plain = '';
  for (const { text, source } of answer.segments) {
    if (source === undefined) {
      plain += text;
      continue;
    }
    if (plain !== '') blocks.push({ type: 'text', text: plain, citations: null });
    plain = '';
    const citation = {
      type: 'web_search_result_location',
      cited_text: text.trim().slice(0, 150),
      url: source.url,
      title: source.title,
      encrypted_index: base64Like(random, 48),
    };
    blocks.push({ type: 'text', text, citations: [citation] });
  }
  if (plain !== '' || answer.segments.length === 0)
    blocks.push({ type: 'text', text: plain, citations: null });
  return blocks;
}

function searchBlocks(search: NonNullable<Answer['search']>, random: Random): WireRecord[] {
  const id = `srvtoolu_01${random.hex(22)}`;
  const caller = { type: 'direct' };
  // A failing tool still gives a 200, but `content` is then an object instead of a list.
  const content = search.failed
    ? { type: 'web_search_tool_result_error', error_code: 'unavailable' }
    : search.sources.map(({ url, title }) => ({
        type: 'web_search_result',
        url,
        title,
        page_age: null,
        encrypted_content: base64Like(random, 64),
      }));
  return [
    { type: 'server_tool_use', id, name: 'web_search', input: { query: search.query }, caller },
    { type: 'web_search_tool_result', tool_use_id: id, content, caller },
  ];
}

function stopFields({ outcome, stopSequence, calls }: Answer) {
  if (calls.length > 0) return { stop_reason: 'tool_use', stop_sequence: null, stop_details: null };
  if (outcome === 'refusal' || outcome === 'blocked') {
    const stop_details = {
      type: 'refusal',
      category: outcome === 'blocked' ? 'cyber' : 'general_harms',
      explanation: 'The request was declined.',
    };
    return { stop_reason: 'refusal', stop_sequence: null, stop_details };
  }
  const stop_reason =
    stopSequence !== null
      ? 'stop_sequence'
      : { stop: 'end_turn', length: 'max_tokens', paused: 'pause_turn' }[outcome];
  return { stop_reason, stop_sequence: stopSequence, stop_details: null };
}

/** Anthropic's `input_tokens` excludes cache writes. */
function messageUsage(body: WireRecord, systemChars: number, { tokens, search }: Answer) {
  const cachesSystem = listOf(body['system']).some((block) => 'cache_control' in recordOf(block));
  const written = body['cache_control'] || cachesSystem ? Math.floor(systemChars / 4) : 0;
  const searches = search === undefined || search.failed ? 0 : 1;
  return {
    input_tokens: tokens.input + tokens.search - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    output_tokens: tokens.text + tokens.reasoning,
    output_tokens_details: { thinking_tokens: tokens.reasoning },
    server_tool_use: search === undefined ? null : { web_search_requests: searches, web_fetch_requests: 0 },
    service_tier: 'standard',
    speed: 'standard',
    inference_geo: 'global',
  };
}

function base64Like(random: Random, length: number): string {
  return Buffer.from(random.hex(length), 'hex').toString('base64');
}
