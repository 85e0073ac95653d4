import { hash } from 'node:crypto';
import {
  AppError,
  hourKeyOf,
  type JsonObject,
  type RunRequest,
  type Template,
  timestampOf,
} from '../../src-shared/domain';
import { canonicalJsonOfValue } from '../../src-shared/domain/canonical';
import {
  deleteExpiredIdempotencyKeys,
  findIdempotencyKey,
  putIdempotencyKey,
  type IdempotencyRef,
  type ReadDb,
  type WriteDb,
} from '../store';
import { sha256OfInput } from '../templates';
import { groundingModeOf, paramsOf, type RunPlan } from './plan';

const SCOPE = 'run';
/** Keys are remembered for a day, as the payment APIs that made them common do. */
const TTL_MS = 24 * 3_600_000;

export interface RunKey {
  readonly key: string;
  readonly requestSha256: string;
}

/**
 * The idempotency key of a run, or null where each call is a new observation (docs/interfaces.md#idempotency): an
 * explicit key wins; `hourly` is a key of template, version, country and hour, extended by target, prompt, replicate
 * and whatever else makes another answer, so that different inputs never collide.
 */
export function runKeyOf(
  template: Template,
  request: RunRequest,
  target: { connectionId: string; modelId: string; renderedSha256: string },
  now: number,
): RunKey | null {
  // How it is delivered is not what is asked.
  const { idempotency_key, idempotency, stream: _stream, timeout_seconds: _timeout, ...asked } = request;
  if (idempotency_key !== undefined) {
    return { key: idempotency_key, requestSha256: hashOf({ ...asked, template_id: template.template_id }) };
  }
  if (idempotency !== 'hourly') return null;
  const hour = hourKeyOf(now);
  const version = template.model_version_constraint ?? 'any';
  const rest = hashOf({
    inference_params: paramsOf(template, request),
    grounding_mode: groundingModeOf(template, request),
    brand_name: request.brand_name,
    analysis_scope: request.analysis_scope,
  });
  const key = [
    `run:${template.org_id}:${template.workspace_id}:${template.template_id}:${version}:${request.country ?? ''}:${hour}`,
    target.connectionId,
    target.modelId,
    target.renderedSha256,
    String(request.replicate_index ?? 0),
    rest,
  ].join(':');
  return { key, requestSha256: hash('sha256', key) };
}

/** What is undefined was not said. */
function hashOf(asked: object): string {
  const body: JsonObject = JSON.parse(JSON.stringify(asked));
  return sha256OfInput(() => canonicalJsonOfValue(body));
}

/** The run that a key stands for already. @throws IDEMPOTENCY_KEY_REUSED where it stood for another request */
export function runOfKey(db: ReadDb, orgId: string, wanted: RunKey, now: number): string | null {
  const known = findIdempotencyKey(db, refOf(orgId, wanted), timestampOf(now));
  if (!known) return null;
  if (known.request_sha256 !== wanted.requestSha256) {
    throw new AppError(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was already used for a different request. Use a new key, or send the same request again.',
      { data: { run_id: known.record_id } },
    );
  }
  return known.record_id;
}

/** Somebody took the key first: the caller's run must not be sent, and theirs is the answer. */
export class KeyTaken extends Error {}

/** Takes the key for a run, in the commit that records it as `sending`. @throws KeyTaken */
export function takeKey(tx: WriteDb, plan: RunPlan, key: RunKey, now: number): void {
  const ref = refOf(plan.run.org_id, key);
  const created_at = timestampOf(now);
  if (findIdempotencyKey(tx, ref, created_at)) throw new KeyTaken(key.key);
  putIdempotencyKey(tx, ref, {
    request_sha256: key.requestSha256,
    record_id: plan.run.run_id,
    created_at,
    expires_at: timestampOf(now + TTL_MS),
  });
  deleteExpiredIdempotencyKeys(tx, created_at);
}

function refOf(orgId: string, key: RunKey): IdempotencyRef {
  return { org_id: orgId, scope: SCOPE, key: key.key };
}
