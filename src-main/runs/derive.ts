import { UNKNOWN_USAGE, type FailureCode, type GroundingMode, type Template } from '../../src-shared/domain';
import type { ParsedAnswer, ProviderClient, StoredAnswer } from '../ports';
import type { DerivedRun } from '../store';
import { costOfAnswer, type Price, type Pricing } from './cost';
import { readOutput, whyNoOutput, type OutputReading } from './read-output';
import { versionMismatch } from './version-constraint';

/** What determines a verdict besides the bytes. All of it is stored. */
export interface DeriveContext {
  readonly template: Pick<
    Template,
    'model_version_constraint' | 'fingerprint_allowlist' | 'response_schema' | 'tools' | 'tool_choice'
  >;
  /** A probe only asks for a version: an empty or truncated answer serves as well. */
  readonly kind: 'run' | 'probe';
  readonly groundingMode: GroundingMode;
  readonly providerId: string;
  readonly modelId: string;
  readonly executedAt: string;
  readonly latencyMs: number;
  readonly firstByteMs: number;
}

export interface Derivation {
  readonly derived: Omit<DerivedRun, 'price_snapshot_id'>;
  readonly price: Price | null;
  readonly answer: ParsedAnswer | null;
}

interface Failure {
  readonly code: FailureCode;
  readonly message: string;
}

/**
 * Everything derived from an answer's bytes (docs/reliability.md#the-verdict): parse → version → pin → grounding →
 * schema → output hash → usage, cost. Deterministic apart from `now`: the same bytes give the same columns.
 */
export function deriveRun(
  deps: { client: Pick<ProviderClient, 'parse' | 'whyNoSearch'>; pricing: Pricing; now: string },
  stored: StoredAnswer,
  context: DeriveContext,
): Derivation {
  const result = deps.client.parse(stored);
  if (!result.ok) return unparsed(deps.now, context, result.message);
  const { answer } = result;
  const output = readOutput(answer, context.template.response_schema, isWhole(answer, stored.complete));
  const grounding = groundingOf(deps.client, answer, context);
  const failure = firstFailure(answer, context, { output, grounding, complete: stored.complete });
  const { price, cost } = costOfAnswer(deps.pricing, answer, context);
  return {
    answer,
    price,
    derived: {
      status: failure === null ? 'succeeded' : 'failed',
      failure_code: failure?.code ?? null,
      failure_message: failure?.message ?? null,
      last_parse_attempt_at: deps.now,
      parse_error_message: output.parseError,
      parse_method_used: output.method,
      requires_manual_review: failure?.code === 'output_invalid' && context.template.response_schema !== null,
      output_json_valid: output.valid,
      response_output_sha256: output.sha256,
      provider_version_key: answer.version.provider_version_key,
      evidence_grade: answer.version.evidence_grade,
      evidence: answer.version.evidence,
      system_fingerprint: answer.version.evidence.system_fingerprint,
      finish_reason: answer.finishReason?.unified ?? null,
      finish_reason_raw: answer.finishReason?.raw ?? null,
      ...answer.usage,
      cost_picodollars: cost.picodollars,
      latency_ms: context.latencyMs,
      first_byte_ms: context.firstByteMs,
      grounded: grounding.grounded,
      why_not_grounded: grounding.why,
      citations: answer.grounding?.citations ?? null,
      tool_calls: answer.toolCalls.length === 0 ? null : [...answer.toolCalls],
      thinking_text: answer.thinkingText,
    },
  };
}

function unparsed(now: string, context: DeriveContext, message: string): Derivation {
  return {
    answer: null,
    price: null,
    derived: {
      status: 'failed',
      failure_code: 'parse_failed',
      failure_message: `The answer could not be read: ${message}`,
      last_parse_attempt_at: now,
      parse_error_message: message,
      parse_method_used: null,
      requires_manual_review: true,
      output_json_valid: null,
      response_output_sha256: null,
      provider_version_key: null,
      evidence_grade: null,
      evidence: null,
      system_fingerprint: null,
      finish_reason: null,
      finish_reason_raw: null,
      ...UNKNOWN_USAGE,
      cost_picodollars: null,
      latency_ms: context.latencyMs,
      first_byte_ms: context.firstByteMs,
      grounded: null,
      why_not_grounded: null,
      citations: null,
      tool_calls: null,
      thinking_text: null,
    },
  };
}

interface Grounding {
  /** Null if grounding was neither requested nor found. */
  readonly grounded: boolean | null;
  readonly why: string | null;
}

/**
 * Whether an answer shows a web search (docs/providers.md#grounding): without evidence it is not grounded, and the
 * reason is recorded.
 */
function groundingOf(
  client: Pick<ProviderClient, 'whyNoSearch'>,
  answer: ParsedAnswer,
  context: DeriveContext,
): Grounding {
  if (answer.grounding?.grounded === true) return { grounded: true, why: null };
  if (answer.grounding) return { grounded: false, why: answer.grounding.why ?? NO_EVIDENCE };
  if (context.groundingMode === 'none') return { grounded: null, why: null };
  const why = answer.failure === null ? NO_EVIDENCE : 'The call failed, so there is no answer to ground.';
  return { grounded: false, why: client.whyNoSearch(context) ?? why };
}

const NO_EVIDENCE = 'The answer has no search evidence: the model did not search.';

/** The first failing check decides; all of them fail closed. */
function firstFailure(
  answer: ParsedAnswer,
  context: DeriveContext,
  { output, grounding, complete }: { output: OutputReading; grounding: Grounding; complete: boolean },
): Failure | null {
  // An answer reveals its version however it ended and whether or not it said anything.
  if (context.kind === 'probe' && answer.hasEnded) return null;
  if (answer.failure) return { code: answer.failure.code, message: answer.failure.message };
  if (!complete) {
    return {
      code: 'stream_cut',
      message: 'The connection broke before the answer was complete. What arrived is stored.',
    };
  }
  return (
    versionFailure(answer, context) ??
    groundingFailure(grounding, context) ??
    outputFailure(answer, context, output)
  );
}

function outputFailure(
  answer: ParsedAnswer,
  { template }: DeriveContext,
  { invalid }: OutputReading,
): Failure | null {
  const message = whyNoOutput(answer, template) ?? invalid;
  return message === null ? null : { code: 'output_invalid', message };
}

/** Whether the model said all it had to say: nothing broke off, failed or hit the token limit. */
export function isWhole(answer: ParsedAnswer, complete: boolean): boolean {
  const end = answer.finishReason?.unified ?? null;
  return complete && answer.failure === null && end !== 'length';
}

function versionFailure(answer: ParsedAnswer, context: DeriveContext): Failure | null {
  const mismatch = versionMismatch(context.template, answer.version);
  if (mismatch === null) return null;
  return {
    code: 'version_mismatch',
    message: `The template ${mismatch.wanted}, but ${mismatch.seen} answered.`,
  };
}

function groundingFailure(grounding: Grounding, context: DeriveContext): Failure | null {
  if (context.groundingMode !== 'required' || grounding.grounded === true) return null;
  return { code: 'not_grounded', message: `Grounding is required. ${grounding.why ?? NO_EVIDENCE}` };
}
