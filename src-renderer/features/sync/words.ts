import type { SyncStatus, SyncTest, TeamTls } from '../../../src-shared/contract';

const KINDS: Readonly<Record<string, string>> = {
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

/** A kind of record for people; one that came later is shown by its own name. */
export function kindName(recordType: string): string {
  return KINDS[recordType] ?? recordType.replaceAll('_', ' ');
}

export const TLS_WORDS: Readonly<Record<TeamTls, string>> = {
  verify: 'Encrypted, server verified',
  unverified: 'Encrypted, server not verified',
  off: 'Not encrypted',
};

export const PASSWORD_WORDS: Readonly<Record<SyncStatus['password'], string>> = {
  stored: "In this computer's keychain",
  session: 'In memory, for this session only',
  environment: 'In PROMPTER_DATABASE_URL',
  missing: 'Not available',
};

export const STEP_WORDS: Readonly<Record<SyncTest['reached'][number], string>> = {
  name: 'Name found',
  network: 'Server reached',
  tls: 'Server verified',
  password: 'Password accepted',
  schema: 'Set up for Prompter',
  role: 'Rights as expected',
};
