import type { Service } from '../../src-main/ports';

type Status = Awaited<ReturnType<Service<'system'>['status']>>;

/** The status of a core that keeps everything in memory. */
export function fakeStatus(counts: Pick<Status, 'templates' | 'runs' | 'sample_offered'>): Status {
  return {
    version: '0.0.0-test',
    store: {
      path: '/nowhere/prompter.db',
      size_bytes: 8192,
      schema_version: 1,
      checked_after_crash_at: null,
    },
    keychain: { mode: 'session', available: true, message: null },
    record_hmac: { key_id: null, unsealed: [] },
    lost_log: null,
    probes_enabled: true,
    price_list: { source: 'a list', as_of: '2026-01-01' },
    statistics_enabled: true,
    outcome_unknown: 0,
    active_batches: [],
    month_spend_usd: '0.25',
    month_unpriced_runs: 0,
    ...counts,
  };
}
