import type { SyncStatus, SyncTest, TeamTls } from '../../../src-shared/contract';

const KIND_LABELS: Readonly<Record<string, string>> = {
  template: 'Templates',
  template_archived: 'Archived templates',
  label: 'Labels',
  pin: 'Pins',
  version: 'Model versions',
  drift: 'Drift events',
  run: 'Runs',
  result: 'Results of runs',
  retry: 'Retries of runs',
  answer: 'Raw answers',
  review: 'Review records',
  restored: 'Restores',
  audit_leaf: 'Audit entries',
};

/** The label of a record kind; a kind unknown to this build is shown by its id. */
export function kindLabel(recordType: string): string {
  return KIND_LABELS[recordType] ?? recordType.replaceAll('_', ' ');
}

export const TLS_LABELS: Readonly<Record<TeamTls, string>> = {
  verify: 'Encrypted, server verified',
  unverified: 'Encrypted, server not verified',
  off: 'Not encrypted',
};

export const PASSWORD_LABELS: Readonly<Record<SyncStatus['password'], string>> = {
  stored: "In this computer's keychain",
  session: 'In memory, for this session only',
  environment: 'In PROMPTER_DATABASE_URL',
  missing: 'Not available',
};

export const STEP_LABELS: Readonly<Record<SyncTest['reached'][number], string>> = {
  name: 'Name found',
  network: 'Server reached',
  tls: 'Server verified',
  password: 'Password accepted',
  schema: 'Set up for Prompter',
  role: 'Rights as expected',
};
