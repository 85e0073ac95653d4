import { hash } from 'node:crypto';
import {
  UNKNOWN_USAGE,
  type FailureCode,
  type GroundingMode,
  type JsonValue,
  type Template,
} from '../../src-shared/domain';
import { canonicalJson, canonicalText, isCanonicalError } from '../../src-shared/domain/canonical';
import type { ParsedAnswer, ParseResult, StoredAnswer } from '../ports';
import type { DerivedRun } from '../store';
import { costOf, type Price, type Pricing } from './cost';
import { checkAgainstSchema } from './output-schema';
import { versionMismatch } from './version-constraint';

/** What decides, besides the bytes, how an answer counts. All of it rests in the store. */
export interface DeriveContext {
  readonly template: Pick<Template, 'model_version_constraint' | 'fingerprint_allowlist' | 'response_schema'>;
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
 * Everything that follows from an answer's bytes (DESIGN.md, A run): parse → version → pin → grounding → schema →
 * output hash → usage, cost. Deterministic but for `now`; the same bytes give the same columns again.
 */
export function deriveRun(
  deps: { parse: (answer: StoredAnswer) => ParseResult; pricing: Pricing; now: string },
  stored: StoredAnswer,
  context: DeriveContext,
): Derivation {
  const result = deps.parse(stored);
  if (!result.ok) return unparsed(deps.now, context, result.message);
  const { answer } = result;
  const output = readOutput(answer, context);
  const failure = firstFailure(answer, context, output, stored.complete);
  const grounded = groundedOf(answer, context);
  const price = deps.pricing.priceOf(
    context.providerId,
    answer.version.evidence.echoed_model ?? context.modelId,
    new Date(context.executedAt),
  );
  return {
    answer,
    price,
    derived: {
      status: failure === null ? 'succeeded' : 'failed',
      failure_code: failure?.code ?? null,
      failure_message: failure?.message ?? null,
      last_parse_attempt_at: deps.now,
      parse_error_message: null,
      requires_manual_review: failure?.code === 'output_invalid',
      output_json_valid: output.valid,
      response_output_sha256: output.sha256,
      provider_version_key: answer.version.provider_version_key,
      evidence_grade: answer.version.evidence_grade,
      evidence: answer.version.evidence,
      system_fingerprint: answer.version.evidence.system_fingerprint,
      finish_reason: answer.finishReason,
      usage: answer.usage,
      cost_picodollars: price === null ? null : costOf(answer.usage, price),
      latency_ms: context.latencyMs,
      first_byte_ms: context.firstByteMs,
      grounded,
      why_not_grounded:
        grounded === false ? (answer.grounding?.why ?? 'The answer carries no search evidence.') : null,
      citations: answer.grounding?.citations ?? null,
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
      requires_manual_review: true,
      output_json_valid: null,
      response_output_sha256: null,
      provider_version_key: null,
      evidence_grade: null,
      evidence: null,
      system_fingerprint: null,
      finish_reason: null,
      usage: UNKNOWN_USAGE,
      cost_picodollars: null,
      latency_ms: context.latencyMs,
      first_byte_ms: context.firstByteMs,
      grounded: null,
      why_not_grounded: null,
      citations: null,
    },
  };
}

function groundedOf(answer: ParsedAnswer, context: DeriveContext): boolean | null {
  if (answer.grounding) return answer.grounding.grounded;
  return context.groundingMode === 'none' ? null : false;
}

/** The first check that fails decides; all of them fail closed. */
function firstFailure(
  answer: ParsedAnswer,
  context: DeriveContext,
  output: Output,
  complete: boolean,
): Failure | null {
  if (answer.failure) return { code: answer.failure.code, message: answer.failure.message };
  if (!complete) {
    return {
      code: 'stream_cut',
      message: 'The connection broke before the answer was complete. What came is stored.',
    };
  }
  return versionFailure(answer, context) ?? groundingFailure(answer, context) ?? output.failure;
}

function versionFailure(answer: ParsedAnswer, context: DeriveContext): Failure | null {
  const mismatch = versionMismatch(context.template, answer.version);
  if (mismatch === null) return null;
  return {
    code: 'version_mismatch',
    message: `The template ${mismatch.wanted}, but ${mismatch.seen} answered.`,
  };
}

function groundingFailure(answer: ParsedAnswer, context: DeriveContext): Failure | null {
  if (context.groundingMode !== 'required' || answer.grounding?.grounded === true) return null;
  return {
    code: 'not_grounded',
    message: `Grounding is required: ${answer.grounding?.why ?? 'the answer carries no search evidence.'}`,
  };
}

interface Output {
  readonly valid: boolean | null;
  readonly sha256: string | null;
  readonly failure: Failure | null;
}

/** Hash and validity of the output text (CANONICAL.md: JSON where a schema asks for it, otherwise text). */
function readOutput(answer: ParsedAnswer, context: DeriveContext): Output {
  const text = answer.outputText;
  if (text === null) return { valid: null, sha256: null, failure: null };
  const schema = context.template.response_schema;
  if (schema === null) return { valid: null, sha256: hash('sha256', canonicalText(text)), failure: null };
  let canonical: string;
  try {
    canonical = canonicalJson(text);
  } catch (error) {
    if (!isCanonicalError(error)) throw error;
    return {
      valid: false,
      sha256: hash('sha256', canonicalText(text)),
      failure: {
        code: 'output_invalid',
        message: `The output is not valid JSON (${error.code}): ${error.message}`,
      },
    };
  }
  const sha256 = hash('sha256', canonical);
  const value: JsonValue = JSON.parse(text);
  const check = checkAgainstSchema(schema, value);
  return {
    valid: check.valid,
    sha256,
    failure: check.valid
      ? null
      : {
          code: 'output_invalid',
          message: `The output does not match the response schema: ${check.message ?? ''}`,
        },
  };
}
