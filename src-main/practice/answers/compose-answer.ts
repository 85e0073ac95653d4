import { HOSTILE_LINES, inTone, phrase, proseSentences, searchQuery, topicOf } from './answer-text';
import type { Exchange } from '../exchange';
import type { Faults } from '../faults';
import { formAnswer } from './form-answer';
import { sampleJson } from './json-sample';
import { randomFrom } from './prng';
import { requestedForm } from './requested-form';
import { callsFor, type ToolCall, type ToolOffer } from './tool-calls';
import { sampleAnswer } from './written-answers';

/** A request, reduced to what every protocol can express. */
export interface Ask {
  /** Empty when the request has no system instructions. */
  readonly system: string;
  /** The last user message, which the answer is about. */
  readonly prompt: string;
  /** Characters of all input. */
  readonly inputChars: number;
  /** Undefined: plain text. `true`: any JSON object. Else a JSON Schema. */
  readonly json: unknown;
  /** The request offers a search tool and lets the model use it. */
  readonly search: boolean;
  readonly tools: ToolOffer;
  /** Input tokens of images and files. */
  readonly mediaTokens: number;
  readonly maxTokens: number | undefined;
  readonly reasons: boolean;
  /** The request asks for thinking, so its text is shown. */
  readonly showsThinking: boolean;
  readonly stop: readonly string[];
  /** Length of a plain answer, chosen to give a response body of typical size. */
  readonly targetChars: number;
}

export interface Source {
  readonly url: string;
  readonly title: string;
}

/** A stretch of text and the source it cites. */
export interface Segment {
  readonly text: string;
  readonly source: Source | undefined;
}

export interface Answer {
  /** The text was written by hand, for an input of the sample library. */
  readonly isWritten: boolean;
  readonly outcome: 'stop' | 'length' | 'refusal' | 'blocked' | 'paused';
  readonly segments: readonly Segment[];
  readonly text: string;
  /** Calls of offered tools; then there is no text. */
  readonly calls: readonly ToolCall[];
  /** Undefined when none is shown. */
  readonly thinking: string | undefined;
  /** The stop sequence that ended the text. */
  readonly stopSequence: string | null;
  /** Undefined when no search took place. */
  readonly search:
    { readonly query: string; readonly sources: readonly Source[]; readonly failed: boolean } | undefined;
  readonly tokens: {
    readonly input: number;
    /** Input tokens added by search results. */
    readonly search: number;
    /** Visible output tokens. */
    readonly text: number;
    readonly reasoning: number;
  };
}

const CHARS_PER_TOKEN = 4;
const SHOWN_RESULT_CHARS = 400;
const REFUSAL = "I'm sorry, but I can't help with that request.";

const SITES = [
  ['https://encyclopedia.example/wiki', 'Encyclopedia'],
  ['https://news.example/2026', 'Daily News'],
  ['https://statistics.example/reports', 'Statistics Office'],
  ['https://journal.example/articles', 'Open Journal'],
  ['https://consumer.example/tests', 'Consumer Tests'],
] as const;

/** Decides text, calls, sources and token counts from the request and its faults. */
export function composeAnswer(exchange: Exchange, ask: Ask): Answer {
  const { random } = exchange;
  const topic = topicOf(ask.prompt, random);
  const calls = mayCall(exchange.faults) ? callsFor(exchange, ask.tools, ask.prompt, topic) : [];
  return calls.length > 0 ? callingAnswer(exchange, ask, topic, calls) : textAnswer(exchange, ask, topic);
}

function callingAnswer(exchange: Exchange, ask: Ask, topic: string, calls: readonly ToolCall[]): Answer {
  const reasoning = reasoningTokens(exchange, ask);
  const chars = calls.reduce((sum, { name, args }) => sum + name.length + JSON.stringify(args).length, 0);
  return {
    isWritten: false,
    outcome: 'stop',
    segments: [],
    text: '',
    calls,
    thinking: thinkingText(exchange, ask, topic, reasoning),
    stopSequence: null,
    search: undefined,
    tokens: { input: inputTokens(ask), search: 0, text: Math.ceil(chars / CHARS_PER_TOKEN), reasoning },
  };
}

function textAnswer(exchange: Exchange, ask: Ask, topic: string): Answer {
  const { faults, random } = exchange;
  const searched = ask.search && faults.ungrounded !== true;
  const failed = faults.searcherror === true;
  const sources = searched && !failed ? chooseSources(exchange, topic) : [];
  const search = searched ? { query: searchQuery(topic, random), sources, failed } : undefined;

  const written = isFree(faults) && !ask.search ? sampleAnswer(exchange, ask) : undefined;
  let segments = written === undefined ? chooseSegments(exchange, ask, topic, sources) : [plain(written)];
  const outcome = outcomeOf(faults);
  if (outcome === 'length') segments = shorten(segments, Math.ceil(charsOf(segments) * 0.6));

  const reasoning = reasoningTokens(exchange, ask);
  const room = ((ask.maxTokens ?? Infinity) - reasoning) * CHARS_PER_TOKEN;
  const tooLong = charsOf(segments) > room;
  if (tooLong) segments = shorten(segments, room);

  const text = joined(segments);
  const stopAt = earliestStop(text, ask.stop);
  if (stopAt !== undefined) segments = shorten(segments, stopAt.at);
  const finalText = stopAt === undefined ? text : text.slice(0, stopAt.at);
  return {
    isWritten: written !== undefined,
    outcome: stopAt === undefined && tooLong && outcome === 'stop' ? 'length' : outcome,
    segments,
    text: finalText,
    calls: [],
    thinking: thinkingText(exchange, ask, topic, reasoning),
    stopSequence: stopAt?.sequence ?? null,
    search,
    tokens: {
      input: inputTokens(ask),
      search: sources.length * 180,
      text: Math.ceil(finalText.length / CHARS_PER_TOKEN),
      reasoning,
    },
  };
}

function outcomeOf({ refusal, blocked, paused, length }: Faults): Answer['outcome'] {
  if (refusal) return 'refusal';
  if (blocked) return 'blocked';
  if (paused) return 'paused';
  return length ? 'length' : 'stop';
}

/** A fault about the text wants a text. */
function mayCall(faults: Faults): boolean {
  return outcomeOf(faults) === 'stop' && faults.invalidjson === undefined && !faults.failed;
}

function inputTokens({ inputChars, mediaTokens }: Ask): number {
  return Math.ceil(inputChars / CHARS_PER_TOKEN) + 7 + mediaTokens;
}

/** Reasoning counts against the limit, but leaves room for an answer. */
function reasoningTokens({ random }: Exchange, ask: Ask): number {
  const wanted = ask.reasons ? 64 * (1 + random.int(6)) : 0;
  return Math.min(wanted, Math.floor((ask.maxTokens ?? Infinity) / 2));
}

/** Thinking as long as its tokens, from a source of its own: showing it changes no answer. */
function thinkingText(
  { digest, faults }: Exchange,
  ask: Ask,
  topic: string,
  reasoning: number,
): string | undefined {
  if (!ask.showsThinking || reasoning === 0) return undefined;
  if (faults.hostile) return HOSTILE_LINES.join('\n');
  const chars = reasoning * CHARS_PER_TOKEN;
  const sentences = proseSentences(topic, randomFrom(digest, 'thinking'), chars);
  const text = clip(`The question is about ${topic}. ${sentences.join(' ')}`, chars);
  return text.slice(0, text.lastIndexOf('.') + 1) || text;
}

/** True when no fault dictates the text. */
function isFree({ refusal, blocked, invalidjson, hostile }: Faults): boolean {
  return !refusal && !blocked && invalidjson === undefined && !hostile;
}

function chooseSegments(exchange: Exchange, ask: Ask, topic: string, sources: readonly Source[]): Segment[] {
  const { faults, random } = exchange;
  if (faults.refusal) return [plain(REFUSAL)];
  if (faults.blocked) return [];
  if (faults.invalidjson !== undefined) return [plain(brokenJson(ask, faults.invalidjson, topic, exchange))];
  if (ask.json !== undefined) return [plain(JSON.stringify(jsonValue(ask.json, exchange, topic)))];
  if (faults.hostile) return [plain(HOSTILE_LINES.join('\n'))];
  const form = ask.search ? undefined : requestedForm(ask.system, ask.prompt);
  if (form?.kind === 'json') return [plain(JSON.stringify(jsonValue(true, exchange, topic)))];
  if (form !== undefined) return [plain(formAnswer(form, { topic, prompt: ask.prompt, random }))];
  const { result } = ask.tools;
  const told = result === undefined ? [] : [`The tool answered: ${clip(result.trim(), SHOWN_RESULT_CHARS)}`];
  const sentences = [
    ...told,
    ...inTone(proseSentences(topic, random, ask.targetChars), topic, exchange.tone),
  ];
  if (sources.length === 0) return [plain(sentences.join(' '))];
  // Every third sentence cites a source; every source is cited at least once.
  let cited = 0;
  return sentences.map((sentence, index) => {
    const text = index === 0 ? sentence : ` ${sentence}`;
    if (index % 3 !== 0) return plain(text);
    const source = sources[cited % sources.length];
    cited += 1;
    return { text, source };
  });
}

function jsonValue(schema: unknown, exchange: Exchange, topic: string): unknown {
  const { random, faults } = exchange;
  if (schema === true) {
    const points = [phrase('first', topic, random), phrase('second', topic, random)];
    return { answer: faults.hostile ? HOSTILE_LINES.join('\n') : phrase('answer', topic, random), points };
  }
  const freeText = faults.hostile ? () => random.pick(HOSTILE_LINES) : undefined;
  return sampleJson(schema, { random, topic, freeText });
}

function brokenJson(ask: Ask, kind: 'text' | 'shape' | 'fenced', topic: string, exchange: Exchange): string {
  const value = JSON.stringify(jsonValue(ask.json ?? true, exchange, topic));
  if (kind === 'fenced') return `Here is the answer you asked for:\n\n\`\`\`json\n${value}\n\`\`\`\n`;
  if (kind === 'text') return `Sure! ${value.slice(0, Math.ceil(value.length * 0.7))}`;
  // An array where the schema wants an object, and vice versa.
  return value.startsWith('{') ? '["unexpected"]' : '{"unexpected":true}';
}

function chooseSources(exchange: Exchange, topic: string): Source[] {
  const slug = encodeURIComponent(topic.toLowerCase().replaceAll(' ', '-').slice(0, 40).toWellFormed());
  const first = exchange.random.int(SITES.length);
  const count = 2 + exchange.random.int(2);
  return Array.from({ length: count }, (_, index) => {
    const [base, name] = SITES[(first + index) % SITES.length] ?? SITES[0];
    return { url: `${base}/${slug}`, title: `${name}: ${topic}` };
  });
}

function plain(text: string): Segment {
  return { text, source: undefined };
}

function charsOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.text.length, 0);
}

function joined(segments: readonly Segment[]): string {
  return segments.length === 1 ? (segments[0]?.text ?? '') : segments.map((segment) => segment.text).join('');
}

/** The first `chars` characters; never half of a surrogate pair. */
function clip(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars).replace(/[\uD800-\uDBFF]$/, '');
}

/** `clip` for segments. */
function shorten(segments: readonly Segment[], chars: number): Segment[] {
  const kept: Segment[] = [];
  let left = Math.floor(chars);
  for (const segment of segments) {
    if (left <= 0) break;
    const text = clip(segment.text, left);
    if (text !== '') kept.push({ text, source: segment.source });
    left -= segment.text.length;
  }
  return kept;
}

function earliestStop(
  text: string,
  sequences: readonly string[],
): { at: number; sequence: string } | undefined {
  let found: { at: number; sequence: string } | undefined;
  for (const sequence of sequences) {
    const at = sequence === '' ? -1 : text.indexOf(sequence);
    if (at >= 0 && (found === undefined || at < found.at)) found = { at, sequence };
  }
  return found;
}
