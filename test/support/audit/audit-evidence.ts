import { hash } from 'node:crypto';
import {
  acceptBatchLocks,
  deleteBudget,
  insertAsset,
  insertBatch,
  insertBatchLock,
  insertDriftEvent,
  insertConnectionChange,
  insertLabelDecision,
  insertLabelMove,
  insertPartial,
  insertLabelRequest,
  insertLabelRule,
  insertPin,
  insertPromptChange,
  internPriceSnapshot,
  putBudget,
  setBatchStatus,
  setConnectionKey,
  type Store,
} from '../../../src-main/store';
import { testIds } from '../temp-store';

const AT = '2026-01-01T00:00:00.000Z';
const OWNER = { org_id: 'default', workspace_id: 'default' };
const EVIDENCE = { requested_model: 'gpt-4o', echoed_model: 'gpt-4o', system_fingerprint: null, extra: {} };

interface Known {
  readonly template_id: string;
  readonly connection_id: string;
  readonly run_id: string;
}

/** Every kind of record besides templates, runs and answers: each function creates one. */
export const EVIDENCE_KINDS: readonly ((store: Store, known: Known) => void)[] = [
  (store, { template_id }) =>
    store.write((tx) =>
      insertPin(tx, {
        ...OWNER,
        pin_id: testIds.uuid(),
        template_id,
        provider_version_key: 'v1',
        note: 'Holds until March.',
        pinned_at: AT,
        pinned_by: 'ada',
        provider: 'openai',
        model_id: 'gpt-4o',
      }),
    ),
  (store) => store.write((tx) => putBudget(tx, { ...OWNER, monthly_picodollars: 5n, warn_percent: 80 }, AT)),
  (store) => store.write((tx) => deleteBudget(tx, OWNER)),
  (store, { template_id }) =>
    store.write((tx) =>
      insertPromptChange(tx, {
        ...OWNER,
        change_id: testIds.uuid(),
        prompt_id: template_id,
        name: 'Renamed \ud800',
        active: false,
        changed_at: AT,
        changed_by: 'ada',
      }),
    ),
  (store) =>
    store.write((tx) =>
      insertPartial(tx, {
        ...OWNER,
        partial_id: testIds.uuid(),
        name: 'tone',
        text: 'Be brief \ud800.',
        text_sha256: hash('sha256', 'Be brief.'),
        created_at: AT,
        created_by: 'ada',
      }),
    ),
  (store) => {
    const bytes = Buffer.from(`%PDF-1.4 ${testIds.uuid()}`);
    store.write((tx) =>
      insertAsset(tx, {
        asset_sha256: hash('sha256', bytes),
        media_type: 'application/pdf',
        size: bytes.length,
        created_at: AT,
        bytes,
      }),
    );
  },
  (store, { run_id }) =>
    store.write((tx) => void internPriceSnapshot(tx, hash('sha256', run_id), `{"prices":"${run_id}"}`)),
  (store, { connection_id }) =>
    store.write((tx) =>
      setConnectionKey(tx, connection_id, { key_source: 'env', key_ref: null, key_env: 'SOME_KEY' }),
    ),
  (store, { connection_id }) =>
    store.write((tx) =>
      insertConnectionChange(
        tx,
        connection_id,
        { name: testIds.uuid(), base_url: 'http://127.0.0.1:9/v1', concurrency: 2 },
        AT,
      ),
    ),
  (store, known) => addBatch(store, known),
  (store, { template_id }) =>
    store.write((tx) =>
      insertLabelMove(tx, {
        ...OWNER,
        move_id: testIds.uuid(),
        label: 'production',
        template_id,
        prompt_id: template_id,
        moved_at: AT,
        moved_by: 'ada',
      }),
    ),
  (store, { template_id }) => approveLabel(store, template_id),
  (store, { template_id, connection_id, run_id }) =>
    store.write((tx) =>
      insertDriftEvent(
        tx,
        {
          ...OWNER,
          drift_id: testIds.uuid(),
          template_id,
          provider: 'openai',
          connection_id,
          model_id: 'gpt-4o',
          after: { provider_version_key: 'v2', evidence_grade: 'pinned_id', evidence: EVIDENCE, run_id },
          seen_at: AT,
        },
        { provider_version_key: 'v1', evidence_grade: 'pinned_id', evidence: '{}', run_id },
      ),
    ),
];

/** A rule, a request and its approval, with the move that it makes. */
function approveLabel(store: Store, template_id: string): void {
  const [request_id, move_id] = [testIds.uuid(), testIds.uuid()];
  store.write((tx) => {
    insertLabelRule(tx, {
      ...OWNER,
      rule_id: testIds.uuid(),
      labels: ['production'],
      changed_at: AT,
      changed_by: 'ada',
    });
    insertLabelRequest(tx, {
      ...OWNER,
      request_id,
      prompt_id: template_id,
      label: 'production',
      template_id: null,
      note: 'Half a pair \ud800',
      requested_at: AT,
      requested_by: 'ada',
    });
    insertLabelMove(tx, {
      ...OWNER,
      move_id,
      label: 'production',
      template_id: null,
      prompt_id: template_id,
      moved_at: AT,
      moved_by: 'ada',
    });
    insertLabelDecision(
      tx,
      {
        decision_id: testIds.uuid(),
        request_id,
        decision: 'approved',
        reason: 'Read it \udc00',
        move_id,
        decided_at: AT,
        decided_by: 'eve',
      },
      template_id,
    );
  });
}

function addBatch(store: Store, { template_id, connection_id, run_id }: Known): void {
  const batch_id = testIds.uuid();
  const target = {
    target_index: 0,
    connection_id,
    connection_name: 'Mine',
    provider: 'openai',
    model_id: 'gpt-4o',
    inference_params: { temperature: 0.7 },
    template_id,
    label: null,
    grounding_mode: null,
  };
  const actual = { provider_version_key: 'v2', evidence_grade: 'pinned_id' as const, evidence: EVIDENCE };
  store.write((tx) => {
    insertBatch(
      tx,
      {
        ...OWNER,
        batch_id,
        template_id,
        name: 'Nightly',
        targets: [target],
        left_out: [],
        inputs_count: 2,
        locales: null,
        modes: ['none'],
        replicates: 1,
        total: 2,
        drift_policy: 'pause',
        concurrency: 4,
        budget_picodollars: 9_007_199_254_740_993n,
        stream: false,
        timeout_seconds: 12.5,
        lock: [],
        simulated: false,
        created_at: AT,
      },
      [{ word: 'one' }, { word: 'zwei “✓”' }],
    );
    const seen = { target_index: 0, expected: null, actual, run_id, seen_at: AT };
    insertBatchLock(tx, batch_id, { ...seen, accepted_at: AT });
    insertBatchLock(tx, batch_id, { ...seen, accepted_at: null });
  });
  store.write((tx) => setBatchStatus(tx, batch_id, { status: 'running', reason: null, at: AT, by: 'local' }));
  store.write((tx) =>
    setBatchStatus(tx, batch_id, {
      status: 'paused',
      reason: 'Another version answered.',
      at: AT,
      by: 'prompter',
    }),
  );
  store.write((tx) => acceptBatchLocks(tx, batch_id, AT));
}
