import { MEDIA_RULES } from '../../../../src-shared/domain';
import { mediaTokens } from '../../answers/media-tokens';
import type { Media } from '../../answers/media-tokens';
import { composeAnswer } from '../../answers/compose-answer';
import type { Answer, Source } from '../../answers/compose-answer';
import type { Exchange, Reply } from '../../exchange';
import { generateProblem, offersSearch } from './params';
import { callParts, functionsOf, toolChars, toolOffer } from './tools';
import { geminiEcho, geminiFamily } from './model-rules';
import type { Random } from '../../answers/prng';
import { crlfDataFrame, textDeltas } from '../sse';
import { geminiError } from './errors';
import { contentText, isGiven, jsonChars, listOf, numberOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';
import { practiceHeader } from '../../answers/written-answers';

const TARGET_CHARS = 1_400;
const DELTA_CHARS = 160;

/** POST /{version}/models/{model}:generateContent. */
export function answerGenerate(exchange: Exchange): Reply {
  return answered(exchange, false);
}

/** POST /{version}/models/{model}:streamGenerateContent. */
export function answerStreamGenerate(exchange: Exchange): Reply {
  return answered(exchange, true);
}

function answered(exchange: Exchange, stream: boolean): Reply {
  const problem = generateProblem(exchange);
  if (problem !== undefined) return problem;
  const { body, faults, random } = exchange;
  const failure = geminiError(503, 'The model is overloaded. Please try again later.');
  // Only a stream can fail after its 200.
  if (faults.failed && !stream) return failure;

  const contents = listOf(body['contents']).map(recordOf);
  const system = contentText(recordOf(body['systemInstruction'])['parts']);
  const config = recordOf(body['generationConfig']);
  const composed = composeAnswer(exchange, {
    system,
    prompt: lastSaid(contents),
    inputChars: contents.reduce(
      (sum, { parts }) => sum + contentText(parts).length + toolChars(parts),
      system.length + jsonChars(functionsOf(body)),
    ),
    json: jsonDemand(config),
    search: offersSearch(body),
    maxTokens: numberOf(config['maxOutputTokens']),
    tools: toolOffer(body, contents),
    mediaTokens: mediaTokens(
      MEDIA_RULES.google,
      contents.flatMap(({ parts }) => mediaIn(parts)),
    ),
    reasons: thinks(exchange, config),
    showsThinking: asksToThink(config),
    stop: listOf(config['stopSequences']).filter((item) => typeof item === 'string'),
    targetChars: TARGET_CHARS,
  });
  // The continuation of a paused answer is complete.
  const resumed = isGiven(body['continuationToken']) && composed.outcome === 'paused';
  const answer: Answer = resumed ? { ...composed, outcome: 'stop' } : composed;

  const tail = { ...versionField(exchange), responseId: random.hex(22) };
  const headers = practiceHeader(answer.isWritten);
  const grounding =
    answer.search === undefined || answer.search.failed ? undefined : groundingOf(answer, random);
  if (stream) {
    const frames = partFrames(answer, grounding, tail, faults.nousage === true);
    if (faults.failed) frames.splice(1, Infinity, crlfDataFrame(JSON.parse(String(failure.body))));
    return { status: 200, headers, body: exchange.query.get('alt') === 'sse' ? frames : arrayOf(frames) };
  }
  const response = {
    ...resultOf(
      answer,
      [...thoughtParts(answer.thinking), ...outputParts(answer, answer.text)],
      grounding,
      random,
    ),
    ...(faults.nousage ? {} : { usageMetadata: usageOf(answer, answer.tokens.text) }),
    ...tail,
  };
  return { status: 200, headers, body: JSON.stringify(response) };
}

/** The last text from the user; tool results alone say nothing. */
function lastSaid(contents: readonly WireRecord[]): string {
  return (
    contents
      .filter(({ role }) => role !== 'model')
      .map(({ parts }) => contentText(parts))
      .findLast((text) => text !== '') ?? ''
  );
}

function mediaIn(parts: unknown): Media[] {
  return listOf(parts).flatMap((part) => {
    const { inlineData } = recordOf(part);
    const { mimeType, data } = recordOf(inlineData);
    return isGiven(inlineData) ? [{ media_type: textOf(mimeType) ?? '', base64: textOf(data) ?? '' }] : [];
  });
}

/** The candidates; if the prompt itself was blocked, prompt feedback takes their place. */
function resultOf(
  answer: Answer,
  parts: readonly object[],
  grounding: object | undefined,
  random: Random | undefined,
) {
  if (answer.outcome === 'blocked') {
    return { promptFeedback: { blockReason: 'PROHIBITED_CONTENT', safetyRatings: [] } };
  }
  if (answer.outcome === 'refusal') {
    const safetyRatings = [
      { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true },
    ];
    return { candidates: [{ finishReason: 'SAFETY', index: 0, safetyRatings }] };
  }
  const finishReason = { stop: 'STOP', length: 'MAX_TOKENS', paused: 'CONTINUATION' }[answer.outcome];
  const candidate = {
    content: { parts, role: 'model' },
    finishReason,
    index: 0,
    ...(answer.outcome === 'paused' ? { continuationToken: `ct-${random?.hex(24) ?? 'stream'}` } : {}),
    ...(random === undefined || answer.search !== undefined
      ? {}
      : { avgLogprobs: -random.int(9_000) / 10_000 }),
    ...(grounding === undefined ? {} : { groundingMetadata: grounding }),
  };
  return { candidates: [candidate] };
}

function thoughtParts(text: string | undefined): object[] {
  return text === undefined ? [] : [{ text, thought: true }];
}

/** `text`: what a stream has not sent yet. */
function outputParts({ calls }: Answer, text: string): object[] {
  return calls.length > 0 ? callParts(calls) : [{ text }];
}

function partFrames(answer: Answer, grounding: object | undefined, tail: object, nousage: boolean): string[] {
  const pieces = textDeltas(
    answer.outcome === 'refusal' || answer.outcome === 'blocked' ? '' : answer.text,
    DELTA_CHARS,
  );
  const last = pieces.pop() ?? '';
  let sent = 0;
  const usage = (tokens: number) => (nousage ? {} : { usageMetadata: usageOf(answer, tokens) });
  const frame = (parts: object[], text: string) => {
    sent += text.length;
    const candidates = [{ content: { parts, role: 'model' }, index: 0 }];
    return crlfDataFrame({ candidates, ...usage(Math.ceil(sent / 4)), ...tail });
  };
  const result = resultOf(answer, outputParts(answer, last), grounding, undefined);
  return [
    ...textDeltas(answer.thinking ?? '', DELTA_CHARS).map((text) => frame(thoughtParts(text), '')),
    ...pieces.map((text) => frame([{ text }], text)),
    crlfDataFrame({ ...result, ...usage(answer.tokens.text), ...tail }),
  ];
}

/** Without `alt=sse` a stream is one JSON array. */
function arrayOf(frames: readonly string[]): string {
  return `[${frames.map((frame) => frame.slice('data: '.length).trimEnd()).join(',\r\n')}]`;
}

/** Segment offsets are UTF-8 bytes within the part. */
function groundingOf(answer: Answer, random: Random) {
  const sources = answer.search?.sources ?? [];
  let at = 0;
  const groundingSupports: object[] = [];
  for (const { text, source } of answer.segments) {
    const startIndex = at;
    at += Buffer.byteLength(text);
    if (source === undefined) continue;
    const segment = { startIndex, endIndex: at, text };
    groundingSupports.push({ segment, groundingChunkIndices: [sources.indexOf(source)] });
  }
  const query = answer.search?.query ?? '';
  return {
    webSearchQueries: [query],
    groundingChunks: sources.map((source) => ({ web: { uri: redirect(random), title: siteOf(source) } })),
    groundingSupports,
    searchEntryPoint: { renderedContent: '<div class="container">Search suggestions</div>' },
  };
}

/** Google returns expiring redirects, never the page's own address. */
function redirect(random: Random): string {
  return `https://redirect.example/grounding-api-redirect/${random.hex(32)}`;
}

function siteOf({ url }: Source): string {
  return new URL(url).hostname;
}

function versionField({ faults, model, generation }: Exchange): Record<string, string> {
  if (faults.nofingerprint) return {};
  return { [faults.versionfield ?? 'modelVersion']: faults.echo ?? geminiEcho(model, generation) };
}

/** A thinking level, a budget, or the thoughts themselves are asked for. */
function asksToThink(config: WireRecord): boolean {
  const { thinkingLevel, thinkingBudget, includeThoughts } = recordOf(config['thinkingConfig']);
  if (includeThoughts === false || thinkingBudget === 0) return false;
  return includeThoughts === true || isGiven(thinkingLevel) || isGiven(thinkingBudget);
}

function thinks({ model }: Exchange, config: WireRecord): boolean {
  const version = geminiFamily(model).version;
  const isOff = recordOf(config['thinkingConfig'])['thinkingBudget'] === 0;
  return !isOff && ((version !== undefined && version >= 2.5) || asksToThink(config));
}

function jsonDemand(config: WireRecord): unknown {
  if (config['responseMimeType'] !== 'application/json') return undefined;
  return config['responseJsonSchema'] ?? config['responseSchema'] ?? true;
}

function usageOf({ tokens, outcome }: Answer, textTokens: number) {
  const candidates = outcome === 'refusal' || outcome === 'blocked' ? 0 : textTokens;
  return {
    promptTokenCount: tokens.input,
    ...(candidates > 0 ? { candidatesTokenCount: candidates } : {}),
    totalTokenCount: tokens.input + tokens.search + candidates + tokens.reasoning,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens.input }],
    ...(tokens.search > 0 ? { toolUsePromptTokenCount: tokens.search } : {}),
    ...(tokens.reasoning > 0 ? { thoughtsTokenCount: tokens.reasoning } : {}),
  };
}
