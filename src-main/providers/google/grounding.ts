import { modelName, type JsonObject } from '../../../src-shared/domain';
import type { ParsedAnswer } from '../../ports';
import { asObject, asObjects, asWord, isObject } from '../http';

/** Gemini: search results, and the metadata that links the text to them (docs/providers.md#grounding). */
export function generateGrounding(candidate: JsonObject | undefined): ParsedAnswer['grounding'] {
  const metadata = candidate?.['groundingMetadata'];
  if (!isObject(metadata)) return null;
  // Other chunks come from a file store or a map, not from a web search.
  const results = asObjects(metadata['groundingChunks']).map((chunk) => asObject(chunk['web']));
  const grounded = results.some((web) => asWord(web['uri']) !== null);
  const supports = asObjects(metadata['groundingSupports']).map((support): JsonObject => {
    const indices = Array.isArray(support['groundingChunkIndices']) ? support['groundingChunkIndices'] : [];
    const sources = indices.flatMap((index) => {
      const web = typeof index === 'number' ? results[index] : undefined;
      return web === undefined ? [] : [web];
    });
    // Offsets are UTF-8 bytes within a part.
    return { type: 'grounding_support', segment: asObject(support['segment']), sources };
  });
  const listed = results.map((web): JsonObject => ({ type: 'grounding_chunk', ...web }));
  const why = grounded ? null : 'The answer has grounding metadata, but it contains no search results.';
  return { grounded, why, citations: supports.length > 0 ? supports : listed };
}

/** Gemma has no tools, and Gemini 1 has a different, retired search tool. */
export function whyNoGenerateSearch({ modelId }: { readonly modelId: string }): string | null {
  return /^(models\/)?(gemma|gemini-1\.)/.test(modelName(modelId))
    ? `${modelId} has no Google Search: Google offers it from Gemini 2 on.`
    : null;
}
