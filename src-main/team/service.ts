import { randomBytes } from 'node:crypto';
import { AppError } from '../../src-shared/domain';
import type { Service } from '../ports';
import { countAside, countQueued, type Store } from '../store';
import type { PushStatus, TeamDatabase, TeamEngine } from './postgres';
import {
  openTeamConnection,
  PASSWORD_REF,
  storedPassword,
  type ConnectionDeps,
  type TeamConnection,
} from './team-connection';
import { diagnose, reachedBefore } from './problems';
import { maySharePassword, putDatabase, storedDatabase, withoutPassword } from './settings';

export interface SyncDeps extends Omit<ConnectionDeps, 'registerSecret'> {
  readonly secrets: { add(secret: string | null): void; redact(text: string): string };
}

export interface Sync extends Service<'sync'> {
  /** Waits for pushing to stop, then disconnects. */
  close(): Promise<void>;
}

type Status = Awaited<ReturnType<Service<'sync'>['status']>>;
type ConnectionInput = Parameters<Service<'sync'>['setConnection']>[0];

/** Sync with a team database: settings, password, and the single engine that pushes. Off until configured. */
export function createSync(given: SyncDeps): Sync {
  const { store, vault, secrets, environment, team } = given;
  const deps: ConnectionDeps = { ...given, registerSecret: secrets.add };
  // Serialises everything that opens or closes engines. Never rejects.
  let opened: Promise<TeamConnection | null> = open();

  /**
   * Changes the configuration while nothing is being pushed: of two concurrent changes, one could get the other's
   * password.
   */
  const change = async (make: () => Promise<void> = async () => {}): Promise<Status> => {
    const made = opened.then(async (before) => {
      await before?.engine?.close();
      await make();
    });
    opened = made.then(open, open);
    await made;
    return status();
  };

  const running = async (): Promise<TeamEngine> => {
    const use = await opened;
    if (use === null) throw off();
    if (use.engine === null) throw new AppError('SYNC_STATE', use.error ?? 'Sync could not start.');
    return use.engine;
  };

  const status = async (): Promise<Status> => {
    const use = await opened;
    if (use === null) return OFF;
    const { ca: _, ...database } = use.place;
    const pushing = use.engine === null ? notStarted(store, use.error) : use.engine.status();
    const { last_error } = pushing;
    return {
      configured: true,
      source: use.source,
      database,
      password: use.password,
      ...pushing,
      last_error: last_error === null ? null : secrets.redact(last_error),
    };
  };

  /** Adds the password: the given one, or the stored one if it belongs to the same account. */
  const complete = async (input: ConnectionInput): Promise<TeamDatabase | null> => {
    const { tls_acknowledgement: _, password, ...place } = input;
    const known = environment === null ? storedDatabase(store) : withoutPassword(environment);
    const sameServer = known?.host === place.host && known.port === place.port;
    const kept = sameServer ? known.ca : null;
    const database = { ...place, ca: place.ca === undefined ? kept : place.ca };
    if (password !== undefined && password !== null) {
      secrets.add(password);
      return { ...database, password };
    }
    if (known === null || !maySharePassword(known, database)) return null;
    const stored = environment?.password ?? (await storedPassword(vault)).password;
    if (stored === null) return null;
    secrets.add(stored);
    return { ...database, password: stored };
  };

  const use = (database: TeamDatabase): Promise<Status> =>
    change(async () => {
      await vault.set(PASSWORD_REF, database.password);
      store.write((tx) => putDatabase(tx, withoutPassword(database)));
    });

  return {
    status,
    push: async (_, call) => (await running()).push(call?.signal),
    async pause() {
      (await running()).pause();
      return status();
    },
    async resume() {
      (await running()).resume();
      return status();
    },
    async setAside({ limit }) {
      const engine = (await opened)?.engine;
      return { items: engine ? engine.setAside(limit) : [] };
    },
    retrySetAside: async () => ({ retried: (await running()).retrySetAside() }),
    counts: async () => ({ items: await (await running()).counts() }),

    async test({ connection }) {
      const configured = environment ?? storedDatabase(store);
      const wanted = connection ?? (configured === null ? null : { ...configured, password: undefined });
      if (wanted === null) throw off();
      const database = await complete(wanted);
      const nothing = { server_version: null, schema_version: null };
      if (database === null) {
        const problem = 'password_missing';
        const message = `Enter the password of "${wanted.user}" for this server.`;
        return { ok: false, reached: [], problem, message, ...nothing };
      }
      try {
        const { role, ...versions } = await team.check(database);
        const message = `Connected as "${role}" to PostgreSQL ${versions.server_version}.`;
        return { ok: true, reached: reachedBefore(null, database.tls), problem: null, message, ...versions };
      } catch (error) {
        const { problem, message } = diagnose(error, withoutPassword(database));
        const reached = reachedBefore(problem, database.tls);
        return { ok: false, reached, problem, message: secrets.redact(message), ...nothing };
      }
    },

    async setConnection(input) {
      refuseUnderEnvironment();
      const database = await complete(input);
      if (database === null) {
        const message = `Enter the password of "${input.user}": a stored password is only used for its own server and user.`;
        throw new AppError('VALIDATION_FAILED', message, {
          data: { fields: [{ path: 'password', message }] },
        });
      }
      return use(database);
    },

    async turnOff() {
      refuseUnderEnvironment();
      return change(async () => {
        await vault.delete(PASSWORD_REF);
        store.write((tx) => putDatabase(tx, null));
        // Otherwise records would queue forever. Setting up sync again pushes everything anew.
        await team.disconnect();
      });
    },

    async init({ tls_acknowledgement: _, ...admin }) {
      secrets.add(admin.password);
      // PROMPTER_DATABASE_URL names the role itself, and none of it is stored.
      const role = environment?.user ?? `team_prompter_${randomBytes(4).toString('hex')}`;
      const password = environment?.password ?? randomBytes(24).toString('base64url');
      secrets.add(password);
      const made = await team.init(admin, { role, password });
      const inUse = environment === null ? use({ ...admin, user: made.role, password }) : change();
      return { ...made, status: await inUse };
    },

    async close() {
      await (await opened)?.engine?.close();
    },
  };

  function open(): Promise<TeamConnection | null> {
    return openTeamConnection(deps).catch((error: unknown) => {
      given.logger.log('error', 'sync.open', { error });
      return null;
    });
  }

  function refuseUnderEnvironment(): void {
    if (environment === null) return;
    throw new AppError(
      'SYNC_STATE',
      'PROMPTER_DATABASE_URL sets the team database here. Unset it to change the settings.',
    );
  }
}

const NOTHING = { waiting: 0, pushed: 0, set_aside: 0, last_push_at: null, next_try_at: null } as const;

const OFF: Status = {
  configured: false,
  source: null,
  database: null,
  password: 'missing',
  state: 'off',
  last_error: null,
  ...NOTHING,
};

/** The status without an engine. Records are still queued if there has been one. */
function notStarted(store: Store, error: string | null): PushStatus {
  const waiting = countQueued(store.read);
  return { ...NOTHING, state: 'failing', last_error: error, waiting, set_aside: countAside(store.read) };
}

function off(): AppError {
  return new AppError('SYNC_STATE', 'Sync is off: no team database is set up.');
}
