import { join } from 'node:path';
import { createCore, createFileLogger, createSecretRegistry, resolveConfig, systemClock } from '../core';
import type { Core, Logger } from '../ports';
import { createRouter, type AppRouter } from './router';

/** What every host runs: the core, and the contract over it. */
export interface Engine {
  readonly core: Core;
  readonly router: AppRouter;
  /** For the host's own lines, in the core's log. */
  readonly logger: Logger;
}

/** Opens the core that the environment describes. @throws what `resolveConfig` and `createCore` throw */
export async function openEngine(version: string, env: NodeJS.ProcessEnv): Promise<Engine> {
  const config = resolveConfig(env);
  const core = await createCore({ config, appVersion: version, env });
  const logger = createFileLogger({
    path: join(config.home, 'logs', 'prompter.log'),
    clock: systemClock,
    secrets: createSecretRegistry(),
  });
  return { core, logger, router: createRouter({ core, logger, version }) };
}
