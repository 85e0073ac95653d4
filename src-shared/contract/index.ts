import { assetsContract } from './assets';
import { auditContract } from './audit';
import { backupsContract } from './backups';
import { batchesContract } from './batches';
import { insightContract } from './insight';
import { partialsContract } from './partials';
import { promptsContract } from './prompts';
import { connectionsContract, providersContract } from './providers';
import { reviewContract } from './review';
import { runsContract } from './runs';
import { syncContract } from './sync';
import { systemContract } from './system';
import { templatesContract } from './templates';
import { versionsContract } from './versions';

export type { BinaryBody, Page } from './base';
export { ERROR_STATUS } from './error-status';
export { ordinaryNames } from './ordinary-names';
export { runFilterSchema } from './runs';
export type { Status } from './system';
export type { AuditEntry, AuditEntryDetail, AuditProof, AuditReport, VerifyEvent } from './audit';
export { SYNC_STEPS, TLS_SENTENCES } from './sync';
export type { SyncCount, SyncStatus, SyncTest, TeamAdminInput, TeamConnectionInput, TeamTls } from './sync';

/** Everything Prompter does, as typed procedures. Paths are below `/v1` on the loopback API. */
export const contract = {
  system: systemContract,
  prompts: promptsContract,
  templates: templatesContract,
  assets: assetsContract,
  partials: partialsContract,
  versions: versionsContract,
  runs: runsContract,
  review: reviewContract,
  batches: batchesContract,
  providers: providersContract,
  connections: connectionsContract,
  insight: insightContract,
  audit: auditContract,
  sync: syncContract,
  backups: backupsContract,
};
export type Contract = typeof contract;
