import { hash } from 'node:crypto';
import { hourKeyOf, type JsonObject, type RunRequest, type Template } from '../../src-shared/domain';
import { recordOfKey, takeKey, type KeyedRequest, type ReadDb, type WriteDb } from '../store';
import { exactSha256Of, type SentPrompt } from '../templates';
import { groundingModeOf, paramsOf, type RunPlan } from './plan';

const SCOPE = 'run';

export interface RunKey {
  readonly key: string;
  readonly requestSha256: string;
}

/**
 * A run's idempotency key, or null if each call is a new observation (docs/interfaces.md#idempotency). An explicit key
 * wins. `hourly` combines template, version, country and hour with target, prompt, replicate and everything else that
 * changes the answer, so that different inputs never collide.
 */
export function runKeyOf(
  template: Template,
  request: RunRequest,
  target: { connectionId: string; modelId: string },
  { messages, tools, tool_choice }: SentPrompt,
  now: number,
): RunKey | null {
  // Delivery options are not part of the question.
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
    // Not its hash in the run's record, which rounds numbers and in which a text may end where another one begins.
    exactSha256Of({ messages, tools, tool_choice }),
    String(request.replicate_index ?? 0),
    rest,
  ].join(':');
  return { key, requestSha256: hash('sha256', key) };
}

/** Undefined counts as absent. */
function hashOf(asked: object): string {
  const body: JsonObject = JSON.parse(JSON.stringify(asked));
  return exactSha256Of(body);
}

/** The run that already has the key. @throws IDEMPOTENCY_KEY_REUSED if it was made by a different request */
export function runOfKey(db: ReadDb, orgId: string, wanted: RunKey, now: number): string | null {
  return recordOfKey(db, requestOf(orgId, wanted), 'run_id', now);
}

/** Another caller was first: this run must not be sent, and theirs is the answer. */
export class KeyTaken extends Error {}

/** Claims the key for a run, in the transaction that records it as `sending`. @throws KeyTaken */
export function takeRunKey(tx: WriteDb, plan: RunPlan, key: RunKey, now: number): void {
  const request = requestOf(plan.run.org_id, key);
  if (recordOfKey(tx, request, 'run_id', now) !== null) throw new KeyTaken(key.key);
  takeKey(tx, request, plan.run.run_id, now);
}

function requestOf(org_id: string, { key, requestSha256 }: RunKey): KeyedRequest {
  return { org_id, scope: SCOPE, key, request_sha256: requestSha256 };
}
