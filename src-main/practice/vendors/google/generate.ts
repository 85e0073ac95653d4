import { composeAnswer } from '../../answers/compose-answer';
import type { Answer, Source } from '../../answers/compose-answer';
import type { Exchange, Reply } from '../../exchange';
import { generateProblem, offersSearch } from './params';
import { geminiEcho, geminiFamily } from './model-rules';
import type { Random } from '../../answers/prng';
import { crlfDataFrame, textDeltas } from '../sse';
import { geminiError } from './errors';
import { contentText, isGiven, listOf, numberOf, recordOf } from '../wire-value';
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
    prompt: contentText(contents.findLast(({ role }) => role !== 'model')?.['parts']),
    inputChars: contents.reduce((sum, content) => sum + contentText(content['parts']).length, system.length),
    json: jsonDemand(config),
    search: offersSearch(body),
    maxTokens: numberOf(config['maxOutputTokens']),
    reasons: thinks(exchange, config),
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
    ...resultOf(answer, answer.text, grounding, random),
    ...(faults.nousage ? {} : { usageMetadata: usageOf(answer, answer.tokens.text) }),
    ...tail,
  };
  return { status: 200, headers, body: JSON.stringify(response) };
}

/** The candidates; if the prompt itself was blocked, prompt feedback takes their place. */
function resultOf(answer: Answer, text: string, grounding: object | undefined, random: Random | undefined) {
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
    content: { parts: [{ text }], role: 'model' },
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

function partFrames(answer: Answer, grounding: object | undefined, tail: object, nousage: boolean): string[] {
  const pieces = textDeltas(
    answer.outcome === 'refusal' || answer.outcome === 'blocked' ? '' : answer.text,
    DELTA_CHARS,
  );
  const last = pieces.pop() ?? '';
  let sent = 0;
  const usage = (text: string) => {
    sent += text.length;
    return nousage ? {} : { usageMetadata: usageOf(answer, Math.ceil(sent / 4)) };
  };
  const frames = pieces.map((text) =>
    crlfDataFrame({
      candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }],
      ...usage(text),
      ...tail,
    }),
  );
  frames.push(crlfDataFrame({ ...resultOf(answer, last, grounding, undefined), ...usage(last), ...tail }));
  return frames;
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

function thinks({ model }: Exchange, config: WireRecord): boolean {
  const version = geminiFamily(model).version;
  return (
    version !== undefined && version >= 2.5 && recordOf(config['thinkingConfig'])['thinkingBudget'] !== 0
  );
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
