import * as z from 'zod';

const tokens = z.number().int().nonnegative().nullable();

/** Token counts as the provider reported them; null is "not reported", which is not 0 (docs/providers.md#usage). */
export const usageSchema = z.object({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_tokens: tokens,
  output_tokens: tokens,
  reasoning_tokens: tokens,
  search_requests: tokens,
});
export type Usage = z.infer<typeof usageSchema>;

export const UNKNOWN_USAGE: Usage = {
  input_tokens: null,
  cached_input_tokens: null,
  cache_write_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  search_requests: null,
};

export const FINISH_REASONS = ['stop', 'length', 'filtered', 'tool', 'paused', 'error', 'other'] as const;
/** `unified` is ours, `raw` is the provider's own word. */
export const finishReasonSchema = z.object({ unified: z.enum(FINISH_REASONS), raw: z.string().nullable() });
export type FinishReason = z.infer<typeof finishReasonSchema>;
