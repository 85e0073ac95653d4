import type { SyncStatus } from '../../src-shared/contract';
import { AppError } from '../../src-shared/domain';
import type { Service } from '../../src-main/ports';

const OFF: SyncStatus = {
  configured: false,
  source: null,
  database: null,
  password: 'missing',
  state: 'off',
  waiting: 0,
  pushed: 0,
  set_aside: 0,
  last_push_at: null,
  last_error: null,
  next_try_at: null,
};

/** A team database that takes everything at once and is nowhere. */
export function createFakeSync(): Service<'sync'> {
  let status = OFF;
  const change = async (next: Partial<SyncStatus>): Promise<SyncStatus> => {
    if (!status.configured) throw new AppError('SYNC_STATE', 'Sync is off.');
    status = { ...status, ...next };
    return status;
  };
  return {
    status: async () => status,
    async push() {
      await change({ state: 'idle' });
      return { pushed: 0, waiting: 0, set_aside: 0 };
    },
    pause: () => change({ state: 'paused' }),
    resume: () => change({ state: 'idle' }),
    setAside: async () => ({ items: [] }),
    async retrySetAside() {
      await change({});
      return { retried: 0 };
    },
    async counts() {
      await change({});
      return { items: [{ record_type: 'template', local: 1, remote: 1 }] };
    },
    async test({ connection }) {
      if (connection === undefined) await change({});
      return {
        ok: true,
        reached: ['name', 'network', 'password', 'schema', 'role'],
        problem: null,
        message: 'Connected.',
        server_version: '18.4',
        schema_version: 1,
      };
    },
    async setConnection({ host, port, database, user, tls }) {
      status = {
        ...OFF,
        configured: true,
        source: 'settings',
        database: { host, port, database, user, tls },
        password: 'session',
        state: 'idle',
      };
      return status;
    },
    async turnOff() {
      status = OFF;
      return status;
    },
    async init() {
      throw new AppError('TEAM_UNREACHABLE', 'There is no server.');
    },
  };
}
