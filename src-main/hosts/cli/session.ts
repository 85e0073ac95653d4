import type { Core } from '../../ports';
import { createClient, openEngine, type PrompterClient } from '../../rpc';

/** The core in this process, and the contract over it: the same engine as behind the window and the API. */
export interface Session {
  readonly client: PrompterClient;
  /** For what has no procedure: progress of the batch that runs in this very process. */
  readonly core: Core;
  close(): Promise<void>;
}

export async function openSession(
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Session> {
  const { core, router } = await openEngine(version, environment);
  return { core, client: createClient(router), close: () => core.close() };
}
