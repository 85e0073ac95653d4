import { join } from 'node:path';
import { createAssetsService } from '../assets';
import { createAudit, createSealing, PYTHON_VERIFIER, type Sealing } from '../audit';
import { createBatchesService, createConnectionLimits, pauseInterrupted } from '../batches';
import type { Config } from '../home';
import { createInsightService } from '../insight';
import { createOsKeyVault, createSessionKeyVault } from '../keys';
import type { Clock, Core, Ids, KeyVault, Logger, PracticeHost } from '../ports';
import { createPartialsService } from '../partials';
import { createConnectionsService, createProviderClients, createProvidersService } from '../providers';
import {
  createPricing,
  createReviewService,
  createRunsService,
  listedFactsOf,
  recoverRuns,
  runSummary,
} from '../runs';
import { announceOwner, openStore, type Store } from '../store';
import { createSync, teamOf } from '../team';
import { createPromptsService, createSampleLibrary, createTemplatesService } from '../templates';
import { createVersionHistory, createVersionsService, type Versions } from '../versions';
import { createBackupsService } from './backups';
import { createLongReads } from './long-reads';
import { connectionResolver } from './connection-resolver';
import { createFileLogger } from './logger';
import { createPracticeHost } from './practice-host';
import { systemClock, uuidIds } from './runtime';
import { createSecretRegistry, type SecretRegistry } from './secret-registry';
import { createSystemService } from './system';

export interface CoreOptions {
  readonly config: Config;
  readonly appVersion: string;
  /** Looked up for the environment variables that connections name. */
  readonly env: NodeJS.ProcessEnv;
  /** Replaced in tests. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly vault?: KeyVault;
  readonly practice?: PracticeHost;
}

/**
 * The composition root: opens the store, repairs what a crash left, wires the services.
 * @throws STORE_LOCKED, STORE_FROM_FUTURE, STORE_CORRUPT, STORE_UNSAFE_LOCATION, MIGRATION_CHANGED, DISK_FULL
 */
export async function createCore(options: CoreOptions): Promise<Core> {
  const { config, appVersion } = options;
  const clock = options.clock ?? systemClock;
  const ids = options.ids ?? uuidIds;
  const secrets = createSecretRegistry();
  const logger = createFileLogger({ path: join(config.home, 'logs', 'prompter.log'), clock, secrets });
  const sealing = createSealing();
  const store = openStore({
    home: config.home,
    ids,
    clock,
    logger,
    appVersion,
    recordKey: sealing.current,
    statistics: config.statisticsEnabled,
  });
  try {
    return await compose(options, { clock, ids, secrets, logger, sealing, store });
  } catch (error) {
    // Otherwise the next start would conclude that the store's owner had died.
    store.close();
    throw error;
  }
}

interface Opened {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly secrets: SecretRegistry;
  readonly logger: Logger;
  readonly sealing: Sealing;
  readonly store: Store;
}

/** Wires everything on top of the opened store. */
async function compose(
  options: CoreOptions,
  { clock, ids, secrets, logger, sealing, store }: Opened,
): Promise<Core> {
  const { config, appVersion, env } = options;
  const vault = options.vault ?? (config.keychain === 'os' ? createOsKeyVault() : createSessionKeyVault());
  const practice = options.practice ?? createPracticeHost();

  const longReads = createLongReads(store.info.path);
  const audit = await createAudit({
    store,
    vault,
    clock,
    ids,
    logger,
    sealing,
    home: config.home,
    longReads,
  });
  const clients = createProviderClients();
  const pricing = createPricing();
  const connections = createConnectionsService({
    store,
    vault,
    clients,
    practice,
    clock,
    ids,
    env,
    listedFacts: (providerId, modelId) =>
      listedFactsOf(pricing, { providerId, modelId }, new Date(clock.now())),
  });
  const providers = createProvidersService({ store, connections });
  const resolver = connectionResolver(store, connections, secrets);
  const history = createVersionHistory({ clock, ids, config });
  const execute = { store, clock, ids, clients, pricing, history };

  recoverRuns({ ...execute, logger });
  pauseInterrupted({ store, clock });

  // A cycle, closed by a late reference: runs check pins, and probes are runs.
  const late: { versions: Versions | null } = { versions: null };
  const versionsOf = (): Versions => {
    if (!late.versions) throw new Error('versions are used before the core is made');
    return late.versions;
  };
  const runs = createRunsService({ ...execute, logger, connections: resolver, versions: versionsOf });
  const versions = createVersionsService({
    store,
    clock,
    ids,
    connections: resolver,
    probe: (request) => runs.probe(request),
    summary: (row) => runSummary(store.read, clients, row),
    config,
  });
  late.versions = versions;
  const batches = createBatchesService({
    ...execute,
    connections: resolver,
    versions: versionsOf,
    limits: createConnectionLimits(),
    logger,
  });
  const templates = createTemplatesService({ store, clock, ids });
  const assets = createAssetsService({ store, clock });
  const partials = createPartialsService({ store, clock, ids });
  const prompts = createPromptsService({ store, clock, ids, statistics: config.statisticsEnabled });
  const sample = createSampleLibrary({ store, templates });
  const review = createReviewService({ store, clock, ids, clients });
  const insight = createInsightService({ store, clock, statistics: config.statisticsEnabled });
  const sync = createSync({
    store,
    vault,
    logger,
    secrets,
    environment: config.teamDatabase,
    team: teamOf({ store, longReads, clock, logger, ids }),
  });
  const backups = createBackupsService({ store, home: config.home, clock, logger });
  const system = createSystemService({ store, clock, vault, batches, sample, audit, config, appVersion });

  return {
    system,
    prompts,
    templates,
    assets,
    partials,
    versions,
    runs,
    review,
    batches,
    providers,
    connections,
    insight,
    audit: { ...audit, verifier: PYTHON_VERIFIER },
    sync,
    backups,
    logger,
    announce: (address) => announceOwner(store, address),
    async close() {
      const failures: unknown[] = [];
      const end = (part: () => Promise<void>) => part().catch((error: unknown) => failures.push(error));
      await end(batches.close);
      await end(runs.close);
      await end(sync.close);
      await end(practice.close);
      await end(backups.idle);
      // Whatever kept another part from ending well: what the log holds is signed, and a store that is left open looks
      // like a crash to the next start.
      await end(audit.close);
      store.close();
      if (failures.length > 0) throw failures[0];
    },
  };
}
