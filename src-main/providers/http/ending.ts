import { isBlank, type FinishReason } from '../../../src-shared/domain';
import type { ProviderFailure, StoredAnswer } from '../../ports';
import { clip } from './error-body';
import { cutFailure, refusedFailure } from './provider-failure';

type End = FinishReason['unified'];

/**
 * Every known finish reason, lower-case, for all protocols together: servers that speak one protocol pass on the
 * reasons of another (docs/providers.md#ends).
 */
const WORDS: readonly (readonly [End, readonly string[]])[] = [
  ['stop', ['stop', 'end_turn', 'stop_sequence', 'completed', 'complete', 'eos', 'eos_token']],
  ['length', ['length', 'max_tokens', 'max_output_tokens', 'model_context_window_exceeded']],
  ['length', ['model_length', 'continuation']],
  ['filtered', ['content_filter', 'content_filtered', 'refusal', 'safety', 'recitation', 'blocklist']],
  ['filtered', ['prohibited_content', 'spii', 'language', 'image_safety', 'image_prohibited_content']],
  ['filtered', ['image_recitation']],
  ['tool', ['tool_calls', 'tool_call', 'function_call', 'tool_use']],
  ['paused', ['pause_turn']],
  ['error', ['error', 'failed', 'abort', 'malformed_function_call', 'malformed_response']],
  ['error', ['unexpected_tool_call', 'too_many_tool_calls', 'missing_thought_signature']],
  ['error', ['insufficient_system_resource']],
];
const UNIFIED: ReadonlyMap<string, End> = new Map(
  WORDS.flatMap(([end, words]) => words.map((word) => [word, end] as const)),
);

/** An unknown reason becomes `other`, which never counts as success. */
export function finishReasonOf(raw: string): FinishReason {
  return { unified: UNIFIED.get(raw.toLowerCase()) ?? 'other', raw };
}

/**
 * Of two finish reasons in one stream, the one that counts: a later "stop" does not complete an answer that was
 * filtered or cut off.
 */
export function decisiveReason(before: string | null, next: string | null): string | null {
  if (before === null || next === null) return next ?? before;
  return finishReasonOf(next).unified === 'stop' ? before : next;
}

/** An answer still in progress. */
const IN_PROGRESS: ReadonlySet<string | null> = new Set(['queued', 'in_progress']);

export interface Ending {
  readonly outputText: string | null;
  readonly finishReason: FinishReason | null;
  /** The provider's explanation of the ending, such as a refusal. */
  readonly said: string | null;
  /** The provider's refusal category, if separate from the finish reason. */
  readonly category: string | null;
}

/**
 * Whether an answer ended acceptably, for all protocols. A filtered answer is `refused`, whatever text came before. An
 * error, an unknown reason and a missing reason all fail, because then nobody knows whether the answer is complete:
 * compatible servers do give a reason, and one that never does cannot be told from one that breaks off. The token limit
 * and tool calls are known endings, and the output decides what they are worth. A pause fails: the model continues only
 * if the conversation is sent again (docs/providers.md#ends), which Prompter does not do.
 */
export function endFailure(answer: StoredAnswer, ending: Ending): ProviderFailure | null {
  const { finishReason, said } = ending;
  const raw = finishReason?.raw ?? null;
  const word = raw === null ? '' : ` (${clip(raw, LONGEST_WORD)})`;
  switch (finishReason?.unified) {
    case 'stop':
    case 'length':
    case 'tool':
      return null;
    case 'paused':
      return ended(answer, `The model paused its turn${word}: this is not its final answer.`, raw);
    case 'filtered': {
      const isEmpty = isBlank(ending.outputText ?? '');
      const what = isEmpty
        ? 'The answer was filtered before any text arrived'
        : 'The answer was filtered and cut off';
      return refusedFailure(answer, said ?? `${what}${word}.`, ending.category ?? raw);
    }
    case 'error':
      return ended(answer, said ?? `The model ended with an error${word}.`, raw);
    case 'other':
      return ended(
        answer,
        IN_PROGRESS.has(raw)
          ? `The answer is not ready yet${word}: the provider is still working on it.`
          : `The answer ended for an unrecognised reason${word}, so it does not count as a success.${said === null ? '' : ` ${said}`}`,
        raw,
      );
    case undefined:
      return cutFailure(answer, NO_END);
  }
}

/** Also used for a stream without its last event: what may be cut off counts as cut off. */
export const NO_END = 'The answer has no end marker, so it may be cut off.';

const LONGEST_WORD = 200;

function ended(answer: StoredAnswer, message: string, providerCode: string | null): ProviderFailure {
  return { ...cutFailure(answer, message), code: 'provider_error', providerCode };
}
