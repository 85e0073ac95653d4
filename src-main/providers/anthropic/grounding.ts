import { claudeVersion } from '../../../src-shared/domain';
import type { JsonObject } from '../../../src-shared/domain';
import type { ParsedAnswer } from '../../ports';
import { asObject, asObjects, asWord } from '../http';

/** Anthropic: a search result block with at least one result (docs/providers.md#grounding). */
export function messagesGrounding(blocks: readonly JsonObject[]): ParsedAnswer['grounding'] {
  const results = blocks.filter((block) => block['type'] === 'web_search_tool_result');
  const searched = blocks.some(
    (block) => block['type'] === 'server_tool_use' && block['name'] === 'web_search',
  );
  const citations = blocks
    .filter((block) => block['type'] === 'text')
    .flatMap((block) => asObjects(block['citations']));
  if (results.length === 0 && !searched) return null;
  const grounded = results.some((block) =>
    asObjects(block['content']).some((item) => item['type'] === 'web_search_result'),
  );
  return { grounded, why: grounded ? null : whyNot(results), citations };
}

/** A failed search answers with an object instead of a list. */
function whyNot(results: readonly JsonObject[]): string {
  const code = results
    .map((block) => asWord(asObject(block['content'])['error_code']))
    .find((word) => word !== null);
  if (code !== undefined) return `The web search failed: ${code}.`;
  return results.length === 0
    ? 'A web search was started, but returned no result.'
    : 'The web search found nothing.';
}

/** Claude 3.5 introduced the search tool. */
const FIRST_WITH_SEARCH = 3.5;

export function whyNoMessagesSearch({ modelId }: { readonly modelId: string }): string | null {
  const version = claudeVersion(modelId);
  return version !== null && version < FIRST_WITH_SEARCH
    ? `${modelId} has no web search: Anthropic offers it from Claude 3.5 on.`
    : null;
}
