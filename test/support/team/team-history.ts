import { hash } from 'node:crypto';
import {
  insertAttempt,
  insertDriftEvent,
  insertLabelMove,
  insertPin,
  insertRawResponse,
  insertRestore,
  insertReview,
  insertRun,
  markAnswered,
  markRawStored,
  type Store,
} from '../../../src-main/store';
import { liveThrough } from '../audit/audit-history';
import { testIds } from '../temp-store';

const AT = '2026-01-01T00:00:00.000Z';
const OWNER = { org_id: 'default', workspace_id: 'default' };

const REQUEST = '{"text":"NUL \0 in a request"}';

/** Random activity of users and providers, with records of every kind that a team shares. */
export function liveShared(store: Store, steps: number, random: (below: number) => number): void {
  liveThrough(store, steps, random);
  for (const { template_id } of store.read
    .prepare<[], { template_id: string }>(`SELECT template_id FROM templates ORDER BY seq DESC LIMIT 2`)
    .all()) {
    pin(store, template_id, `v${random(9)}`);
    moveLabel(store, template_id, random(3) === 0 ? null : template_id);
  }
  const { run_id } =
    store.read.prepare<[], { run_id: string }>(`SELECT run_id FROM runs ORDER BY seq DESC`).get() ?? {};
  if (run_id !== undefined) drift(store, run_id);
  reviewOne(store);
  restored(store);
}

export function pin(store: Store, template_id: string, provider_version_key: string | null): void {
  store.write((tx) =>
    insertPin(tx, {
      ...OWNER,
      pin_id: testIds.uuid(),
      template_id,
      provider_version_key,
      note: 'NUL \0 and half a pair \udc00',
      pinned_at: AT,
      pinned_by: null,
      provider: null,
      model_id: 'gpt-4o',
    }),
  );
}

/** Dismisses the answer of an unreviewed run. */
function reviewOne(store: Store): void {
  const run = store.read
    .prepare<[], { run_id: string; template_id: string; attempt_id: string; sha256: string }>(
      `SELECT run_id, template_id, attempt_id, sha256 FROM raw_responses
       JOIN attempts USING (attempt_id) JOIN runs USING (run_id, attempt_id)
       WHERE attempt_id NOT IN (SELECT attempt_id FROM reviews) LIMIT 1`,
    )
    .get();
  if (!run) return;
  const { sha256, ...about } = run;
  store.write((tx) =>
    insertReview(tx, {
      ...OWNER,
      ...about,
      review_id: testIds.uuid(),
      action: 'dismiss',
      corrected_text: null,
      reason: 'NUL \0 in a reason',
      raw_response_sha256: sha256,
      previous_review_id: null,
      reviewed_by: null,
      created_at: AT,
    }),
  );
}

/** A restore as earlier builds recorded it: the log keeps its name. */
function restored(store: Store): void {
  store.write((tx) =>
    insertRestore(tx, testIds.uuid(), {
      restored_at: AT,
      from_file: 'copy.db',
      kept_file: null,
      previous_head: null,
      previous_entries: null,
      previous_log: null,
      log: null,
      continues_log: null,
      continues_entries: null,
      continues_head: null,
      continues_key: null,
    }),
  );
}

function moveLabel(store: Store, prompt_id: string, template_id: string | null): void {
  store.write((tx) =>
    insertLabelMove(tx, {
      ...OWNER,
      move_id: testIds.uuid(),
      label: 'production',
      template_id,
      prompt_id,
      moved_at: AT,
      moved_by: 'half a pair \udc00',
    }),
  );
}

function drift(store: Store, run_id: string): void {
  const run = store.read
    .prepare<[string], { template_id: string; connection_id: string }>(
      `SELECT template_id, connection_id FROM runs WHERE run_id = ?`,
    )
    .get(run_id);
  if (!run) throw new Error(`No run ${run_id}`);
  const side = { provider_version_key: 'v1', evidence_grade: 'pinned_id' as const, run_id };
  const evidence = { requested_model: 'm', echoed_model: null, system_fingerprint: null, extra: {} };
  store.write((tx) =>
    insertDriftEvent(
      tx,
      {
        ...OWNER,
        drift_id: testIds.uuid(),
        template_id: run.template_id,
        provider: 'openai',
        connection_id: run.connection_id,
        model_id: 'm',
        after: { ...side, provider_version_key: 'v2', evidence },
        seen_at: AT,
      },
      { ...side, evidence: JSON.stringify(evidence) },
    ),
  );
}

/** A run with a stored, unparsed answer, of the store's first template and connection. */
export function answeredRun(
  store: Store,
  what: { prompt?: string; model_id?: string; bytes: Uint8Array; analysis_config?: Record<string, number> },
): { run_id: string; attempt_id: string } {
  const run_id = testIds.uuid();
  const attempt_id = testIds.uuid();
  const parents = store.read
    .prepare<[], { template_id: string; connection_id: string }>(
      `SELECT (SELECT template_id FROM templates ORDER BY seq) AS template_id,
         (SELECT connection_id FROM connections ORDER BY seq) AS connection_id`,
    )
    .get();
  if (!parents) throw new Error('The store has no templates.');
  store.write((tx) => {
    insertRun(tx, {
      ...OWNER,
      ...parents,
      run_id,
      batch_id: null,
      batch_run_index: null,
      replicate_index: 0,
      provider: 'openai',
      model_id: what.model_id ?? 'gpt-4o',
      country: null,
      brand_name: null,
      grounding_mode: 'none',
      rendered_prompt: what.prompt ?? 'Say something.',
      rendered_prompt_sha256: hash('sha256', what.prompt ?? ''),
      simulated: false,
      idempotency_key: null,
      model_version_constraint: null,
      analysis_config: what.analysis_config ?? {},
      executed_at: AT,
    });
    insertAttempt(tx, { attempt_id, run_id, attempt_index: 0, started_at: AT });
    insertRawResponse(tx, {
      attempt_id,
      http_status: 200,
      headers: [['x-half', '\ud800 \0']],
      sha256: hash('sha256', what.bytes),
      size: what.bytes.length,
      bytes: what.bytes,
      complete: true,
      redacted: false,
      inParts: false,
      request_body: REQUEST,
      stored_at: AT,
    });
    markAnswered(tx, {
      assets: [],
      attempt_id,
      request_api: 'openai.chat_completions',
      request_body: REQUEST,
      ended_at: AT,
    });
    markRawStored(tx, run_id, attempt_id, { latency_ms: -0, first_byte_ms: 0 });
  });
  return { run_id, attempt_id };
}
