import type { Core } from '../../src-main/ports';

/** An audit log without entries. */
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
  export: async () => ({ lines: ['{"kind":"header"}\n'], size: 0 }),
  verify: async () => ({
    ok: true,
    entries: 0,
    verified_to: null,
    checkpoints: 0,
    hmac_verified: 0,
    hmac_unverifiable: 0,
    restores: [],
    problems: [],
    problem_count: 0,
  }),
};
