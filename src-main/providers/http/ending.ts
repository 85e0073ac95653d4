import { isBlank, type FinishReason } from '../../../src-shared/domain';
import type { ProviderFailure, StoredAnswer } from '../../ports';
import { clip } from './error-body';
import { cutFailure, refusedFailure } from './provider-failure';

type End = FinishReason['unified'];

/**
 * Every finish reason that is known. The words of all protocols are one list, in lower case: servers that speak one
 * protocol pass on the words of another (docs/providers.md#ends).
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

/** A reason that was never heard of is `other`, which never counts as success. */
export function finishReasonOf(raw: string): FinishReason {
  return { unified: UNIFIED.get(raw.toLowerCase()) ?? 'other', raw };
}

/**
 * Of two finish reasons in one stream, the one that holds: a later "stop" does not make whole what was filtered or cut
 * before it.
 */
export function heldReason(before: string | null, next: string | null): string | null {
  if (before === null || next === null) return next ?? before;
  return finishReasonOf(next).unified === 'stop' ? before : next;
}

/** An answer that is being made, not one. */
const NOT_YET: ReadonlySet<string | null> = new Set(['queued', 'in_progress']);

export interface Ending {
  readonly outputText: string | null;
  readonly finishReason: FinishReason | null;
  /** The provider's own words about the end, such as a refusal. */
  readonly said: string | null;
  /** Its own word for why it refused, where that is not the finish reason. */
  readonly category: string | null;
}

/**
 * Whether an answer ended as one that can stand, for all protocols. Cut is cut: what was filtered is `refused`, whatever
 * text came before; an error, a reason never heard of, and no reason at all fail, for then nobody knows whether the
 * answer is whole. Servers that are merely compatible give a reason too; one that never does cannot be told from one
 * that breaks off. The token limit and tool calls are known ends: what they leave is judged by its output. A pause is none:
 * the model goes on only when the conversation is sent again (docs/providers.md#ends), which Prompter does not do.
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
        NOT_YET.has(raw)
          ? `The answer is not ready yet${word}: the provider is still working on it.`
          : `The answer ended for an unrecognised reason${word}, so it does not count as a success.${said === null ? '' : ` ${said}`}`,
        raw,
      );
    case undefined:
      return cutFailure(answer, NO_END);
  }
}

/** Of a stream without its last event as well: what may be cut off counts as cut off. */
export const NO_END = 'The answer has no end marker, so it may be cut off.';

const LONGEST_WORD = 200;

function ended(answer: StoredAnswer, message: string, providerCode: string | null): ProviderFailure {
  return { ...cutFailure(answer, message), code: 'provider_error', providerCode };
}
