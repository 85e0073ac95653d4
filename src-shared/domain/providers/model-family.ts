/**
 * What a model's id says about it. Prefixes, not lists: ids come and go (docs/providers.md#model-ids). Case does not
 * matter.
 */

/** An id as these rules read it; what is sent is always the id as given. */
export function modelName(modelId: string): string {
  return modelId.trim().toLowerCase();
}

/** Claude's version as one comparable number, 4.6 or 5; null for an id that carries none. */
export function claudeVersion(modelId: string): number | null {
  // `claude-opus-4-6`, `claude-3-5-sonnet-20241022`, `anthropic.claude-…`, `claude-2.1`; a date is no minor version.
  const match = /claude-(?:[a-z]+-)*?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(modelName(modelId));
  if (match === null) return null;
  return Number(match[1]) + Number(match[2] ?? 0) / 10;
}

/** Models that refuse `max_tokens` and think before they answer: o1, o3, o4, gpt-5 and later, but not its chat models. */
export function isOpenAiReasoningModel(modelId: string): boolean {
  const id = modelName(modelId).replace(/^ft:/, '');
  return /^o\d/.test(id) || (/^gpt-([5-9]|\d\d)/.test(id) && !/^gpt-5(\.\d+)?-chat/.test(id));
}
