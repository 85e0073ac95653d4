import { createCore } from '../core';
import { resolveConfig, type Config } from '../home';
import type { Core } from '../ports';
import { createRouter, type AppRouter } from './router';

/** What every host runs: the core, and the contract over it. */
export interface Engine {
  readonly core: Core;
  readonly router: AppRouter;
  readonly config: Config;
}

/** Opens the core that the environment describes. @throws what `resolveConfig` and `createCore` throw */
export async function openEngine(version: string, env: NodeJS.ProcessEnv): Promise<Engine> {
  const config = resolveConfig(env);
  const core = await createCore({ config, appVersion: version, env });
  return { core, config, router: createRouter({ core, logger: core.logger, version }) };
}
