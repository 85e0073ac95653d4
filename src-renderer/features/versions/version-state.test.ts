import { expect, test } from 'vitest';
import { versionState } from './version-state';

const dated = { provider_version_key: 'm-2026-01-01', evidence_grade: 'dated_snapshot' } as const;
const alias = { provider_version_key: 'm', evidence_grade: 'alias_only' } as const;

test.each([
  [dated, { pin: null, drifted: false }, 'seen'],
  [dated, { pin: null, drifted: true }, 'drift'],
  [dated, { pin: 'm-2026-01-01', drifted: true }, 'pinned'],
  [dated, { pin: 'other', drifted: false }, 'mismatch'],
  [alias, { pin: null, drifted: true }, 'unverified'],
  // A pinned alias can still move unnoticed.
  [alias, { pin: 'm', drifted: false }, 'unverified'],
  [alias, { pin: 'other', drifted: false }, 'mismatch'],
] as const)('%o in %o is %s', (version, context, state) => {
  expect(versionState(version, context)).toBe(state);
});
