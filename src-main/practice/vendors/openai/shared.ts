import type { Answer } from '../../answers/compose-answer';

export interface UrlCitation {
  readonly start_index: number;
  readonly end_index: number;
  readonly title: string;
  readonly url: string;
}

/** OpenAI writes each citation into the text as a link and points at that link. */
export function markedText(answer: Answer): { text: string; citations: UrlCitation[] } {
  if (answer.search === undefined) return { text: answer.text, citations: [] };
  let text = '';
  const citations: UrlCitation[] = [];
  for (const segment of answer.segments) {
    text += segment.text;
    if (segment.source === undefined) continue;
    const { url, title } = segment.source;
    text += ' ';
    const start_index = text.length;
    text += `([${new URL(url).hostname}](${url}))`;
    citations.push({ start_index, end_index: text.length, title, url });
  }
  return { text, citations };
}

// OpenAI caches prompts of 1,024 tokens or more, in steps of 128.
const CACHE_FROM = 1_024;
const CACHE_STEP = 128;

/** Token counts as OpenAI defines them: input includes cache and search, output includes reasoning. */
export function usageNumbers({ tokens }: Answer) {
  const input = tokens.input + tokens.search;
  const cached = tokens.input < CACHE_FROM ? 0 : Math.floor(tokens.input / 2 / CACHE_STEP) * CACHE_STEP;
  return {
    input,
    cached,
    cacheWrite: 0,
    output: tokens.text + tokens.reasoning,
    reasoning: tokens.reasoning,
  };
}
