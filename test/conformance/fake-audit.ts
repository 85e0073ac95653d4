import type { Core } from '../../src-main/ports';
import { notFound } from '../../src-shared/domain';

const SHA = 'a'.repeat(64);
const ENTRY = {
  seq: 1,
  record_type: 'template',
  record_id: 't',
  actor: 'local',
  created_at: '2026-11-20T08:00:00.000Z',
  content_sha256: SHA,
  salt: 'b'.repeat(32),
  leaf_sha256: SHA,
};

/** An audit log with one entry. */
export const fakeAudit: Core['audit'] = {
  checkpoint: async () => ({
    origin: 'prompter.local/fake',
    size: 0,
    root: 'a'.repeat(64),
    note: 'prompter.local/fake\n0\n',
    verifier_key: 'prompter.local/fake+00000000+AAAA',
    ephemeral: true,
    created_at: '2026-11-20T08:00:00.000Z',
  }),
  export: async () => ({
    file: new File(['{"kind":"header"}\n'], 'prompter-audit-0.jsonl', { type: 'application/jsonl' }),
    size: 0,
  }),
  list: async () => ({ items: [ENTRY], next_cursor: null }),
  entry: ({ seq }) => {
    if (seq !== ENTRY.seq) throw notFound('audit entry', String(seq));
    return {
      ...ENTRY,
      content: '{"template_id":"t"}',
      state: 'unchanged',
      hmac: 'none',
      hmac_key_id: null,
      leaf_holds: true,
    };
  },
  proof: async ({ seq }) => {
    if (seq !== ENTRY.seq) throw notFound('audit entry', String(seq));
    return { seq, leaf_sha256: SHA, size: 1, root: SHA, proof: [], holds: true };
  },
  verifier: '#!/usr/bin/env python3\n',
  size: () => 1,
  verify: async () => ({
    ok: true,
    entries: 0,
    verified_to: null,
    checkpoints: 0,
    hmac_verified: 0,
    hmac_unverifiable: 0,
    hmac_missing: 0,
    restores: [],
    problems: [],
    problem_count: 0,
    notes: [],
  }),
};
