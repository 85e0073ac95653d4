import { setTimeout } from 'node:timers/promises';
import { AppError, isAppError } from '../../../src-shared/domain';
import { resolveConfig, type Owner } from '../../home';
import type { PrompterClient } from '../../rpc';

/** The contract, wherever the core is: in this process, or in a running Prompter that has the store. */
export interface Session {
  readonly client: PrompterClient;
  /** The process that has the store, where it is another one. */
  readonly owner: Owner | null;
  close(): Promise<void>;
}

/**
 * Asks a running Prompter that has the store, if there is one, and otherwise runs the core here.
 * @throws STORE_LOCKED where another process has the store and cannot be asked
 */
export async function openSession(
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Session> {
  const { home } = resolveConfig(environment);
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const attached = await attach(home, version, environment);
    if (attached.session !== null) return attached.session;
    try {
      return await openHere(version, environment);
    } catch (error) {
      if (!isLocked(error)) throw error;
      // Whoever has it may be starting, closing, or a command that is done in a moment.
      if (performance.now() > until) throw attached.why === null ? error : lockedBecause(error, attached.why);
    }
    await setTimeout(LOOK_AGAIN_MS);
  }
}

const WAIT_MS = 2_000;
const LOOK_AGAIN_MS = 100;

async function attach(
  home: string,
  version: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ session: Session } | { session: null; why: string | null }> {
  const { assertSameVersion, attachedClient, findOwner } = await import('./attach');
  const search = await findOwner(home, environment);
  if (!search.found) return { session: null, why: search.why };
  const { proven, version: theirs } = search;
  assertSameVersion(proven, theirs, version);
  const { owner, url, key } = proven;
  return { session: { client: attachedClient(url, key), owner, close: () => Promise.resolve() } };
}

/** The core in this process: the same engine as behind the window and the API. */
export async function openHere(version: string, environment: NodeJS.ProcessEnv): Promise<Session> {
  const { createClient, openEngine } = await import('../../rpc');
  const { core, router } = await openEngine(version, environment);
  return { client: createClient(router), owner: null, close: () => core.close() };
}

/** What ends with the memory that holds a key, in words. */
export function memoryOf(owner: Owner | null): string {
  return owner === null ? 'this command ends' : 'the running Prompter is closed';
}

function isLocked(error: unknown): error is AppError {
  return isAppError(error) && error.code === 'STORE_LOCKED';
}

function lockedBecause({ message, data }: AppError, why: string): AppError {
  return new AppError('STORE_LOCKED', `${message} This command cannot ask it: ${why}.`, { data });
}
