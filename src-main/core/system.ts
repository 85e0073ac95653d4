import { monthOf, usdFromPicodollars } from '../../src-shared/domain';
import type { Audit } from '../audit';
import type { Batches } from '../batches';
import type { Clock, KeyVault, Service } from '../ports';
import { PRICE_LIST } from '../runs';
import { countTemplates, runTotals, type Store } from '../store';
import type { SampleLibrary } from '../templates';
import { watchChanges } from './changes';
import type { Config } from '../home';

export function createSystemService(deps: {
  store: Store;
  clock: Clock;
  vault: KeyVault;
  batches: Batches;
  sample: SampleLibrary;
  audit: Pick<Audit, 'sealing' | 'lost'>;
  config: Config;
  appVersion: string;
}): Service<'system'> {
  const { store, clock } = deps;
  return {
    async status() {
      const totals = runTotals(store.read, monthOf(clock.now()));
      return {
        version: deps.appVersion,
        store: {
          path: store.info.path,
          size_bytes: store.info.sizeBytes(),
          schema_version: store.info.schemaVersion,
          checked_after_crash_at: store.info.checkedAfterCrash,
        },
        keychain: await deps.vault.status(),
        record_hmac: deps.audit.sealing(),
        lost_log: deps.audit.lost(),
        probes_enabled: deps.config.probesEnabled,
        price_list: PRICE_LIST,
        statistics_enabled: deps.config.statisticsEnabled,
        templates: countTemplates(store.read, { include_archived: false }),
        runs: totals.runs,
        outcome_unknown: totals.outcome_unknown,
        active_batches: deps.batches.active(),
        month_spend_usd: usdFromPicodollars(totals.spend_picodollars),
        month_unpriced_runs: totals.unpriced,
        sample_offered: deps.sample.offered(),
      };
    },
    changes: (signal) => watchChanges(store, signal),
    installSample() {
      const installed = deps.sample.install();
      const samples = deps.sample.samples().flatMap(({ rows, comparison }, index) => {
        const template_id = installed.template_ids[index];
        if (template_id === undefined) return [];
        return [{ template_id, inputs: rows.map(({ input }) => input), comparison: comparison ?? null }];
      });
      return { ...installed, samples };
    },
    dismissSample: () => deps.sample.dismiss(),
  };
}
