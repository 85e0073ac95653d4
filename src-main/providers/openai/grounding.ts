import { isOpenAiReasoningModel, modelName } from '../../../src-shared/domain';
import type { JsonObject } from '../../../src-shared/domain';
import type { ParsedAnswer } from '../../ports';
import { asList, asObject, asObjects, isObject } from '../http';

type Grounding = ParsedAnswer['grounding'];

/**
 * Responses: a completed web search with results, and citations in the answer (docs/providers.md#grounding). The
 * request asks for sources and results, so a search that shows neither proves nothing.
 */
export function responsesGrounding(items: readonly JsonObject[], parts: readonly JsonObject[]): Grounding {
  const searches = items.filter(isWebSearch);
  const citations = parts
    .flatMap((part) => asObjects(part['annotations']))
    .filter((annotation) => annotation['type'] === 'url_citation');
  if (searches.length === 0 && citations.length === 0) return null;
  const found = searches.some((item) => item['status'] === 'completed' && hasResults(item));
  const grounded = found && citations.length > 0;
  return { grounded, why: grounded ? null : whyNot(searches, found), citations };
}

export function isWebSearch(item: JsonObject): boolean {
  return item['type'] === 'web_search_call';
}

function hasResults(item: JsonObject): boolean {
  return asList(item['results']).length > 0 || asList(asObject(item['action'])['sources']).length > 0;
}

function whyNot(searches: readonly JsonObject[], found: boolean): string {
  if (searches.length === 0) return 'The answer cites pages, but records no web search.';
  if (found) return 'The web search returned results, but the answer cites none of them.';
  if (!searches.some((item) => item['status'] === 'completed')) return 'The web search did not complete.';
  return 'The web search returned no results.';
}

/** Chat completions: search models return only citations; the search itself does not appear in the response. */
export function chatGrounding(message: JsonObject): Grounding {
  const annotations = asObjects(message['annotations']).filter((item) => item['type'] === 'url_citation');
  if (annotations.length === 0) return null;
  const citations = annotations.map((item): JsonObject => {
    const inner = item['url_citation'];
    return isObject(inner) ? { type: 'url_citation', ...inner } : item;
  });
  return { grounded: true, why: null, citations };
}

interface Asked {
  readonly providerId: string;
  readonly modelId: string;
}

/** Models that predate the search tool, and models that do not support it. */
const WITHOUT_SEARCH = /^(gpt-3\.5|gpt-4(?![\do.])|gpt-4\.1-nano|o1(-|$)|o3-mini|davinci|babbage)/;

export function whyNoResponsesSearch({ modelId }: Asked): string | null {
  return WITHOUT_SEARCH.test(modelName(modelId).replace(/^ft:/, ''))
    ? `${modelId} has no web search: OpenAI offers it for later models.`
    : null;
}

/** Servers known to offer no search. */
const LOCAL = new Set(['ollama', 'lm-studio']);

/** `web_search` exists only on Responses; chat needs a search model (docs/providers.md#grounding). */
export function whyNoChatSearch({ providerId, modelId }: Asked): string | null {
  if (LOCAL.has(providerId)) return 'Models on this server have no web search.';
  if (providerId === 'azure-openai') return "Azure's chat completions have no web search.";
  const isOpenAis = isOpenAiReasoningModel(modelId) || /^(ft:)?(gpt-[34]|chatgpt-)/.test(modelName(modelId));
  return isOpenAis && !modelName(modelId).includes('search')
    ? `Chat completions search the web only with a search model such as gpt-5-search-api, not with ${modelId}.`
    : null;
}
