import { createImplementer, type RouterDependencies } from './base';
import { auditRouter } from './audit.router';
import { backupsRouter } from './backups.router';
import { batchesRouter } from './batches.router';
import { connectionsRouter } from './connections.router';
import { insightRouter } from './insight.router';
import { providersRouter } from './providers.router';
import { reviewRouter } from './review.router';
import { runsRouter } from './runs.router';
import { syncRouter } from './sync.router';
import { systemRouter } from './system.router';
import { templatesRouter } from './templates.router';
import { versionsRouter } from './versions.router';

/** The whole contract over one core: what every host serves. */
export function createRouter({ core, logger, version }: RouterDependencies) {
  const os = createImplementer({ logger });
  return {
    system: systemRouter(os.system, core, version),
    templates: templatesRouter(os.templates, core),
    versions: versionsRouter(os.versions, core),
    runs: runsRouter(os.runs, core),
    review: reviewRouter(os.review, core),
    batches: batchesRouter(os.batches, core),
    providers: providersRouter(os.providers, core),
    connections: connectionsRouter(os.connections, core),
    insight: insightRouter(os.insight, core),
    audit: auditRouter(os.audit, core),
    sync: syncRouter(os.sync, core),
    backups: backupsRouter(os.backups, core),
  };
}

export type AppRouter = ReturnType<typeof createRouter>;
