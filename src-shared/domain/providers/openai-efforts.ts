import { isOpenAiReasoningModel, modelName } from './model-family';

/** Ids whose efforts vary, so that nothing is said of them. */
const VARYING = /-pro\b|codex|deep-research|search-api/;
const ALL = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/**
 * The reasoning efforts of an OpenAI model, least first (docs/providers.md#parameters-by-model). Empty for one that does
 * not reason; null where they vary.
 */
export function openAiEfforts(modelId: string): readonly string[] | null {
  const id = modelName(modelId).replace(/^ft:/, '');
  if (VARYING.test(id)) return null;
  if (!isOpenAiReasoningModel(id)) return [];
  if (id.startsWith('o')) return ['low', 'medium', 'high'];
  if (!/^gpt-[56]/.test(id)) return null;
  if (isWithoutNone(id)) return ['low', 'medium', 'high', 'xhigh', 'max'];
  const minor = /^gpt-5\.(\d+)/.exec(id)?.[1];
  if (minor === undefined && id.startsWith('gpt-5')) return ['minimal', 'low', 'medium', 'high'];
  const version = minor === undefined ? Number.POSITIVE_INFINITY : Number(minor);
  return ALL.filter((effort) => {
    if (effort === 'minimal') return false;
    if (effort === 'xhigh') return version >= 2;
    return effort !== 'max' || version >= 6;
  });
}

function isWithoutNone(id: string): boolean {
  return /^gpt-6-astra|^gpt-6\.1-sol/.test(id);
}
