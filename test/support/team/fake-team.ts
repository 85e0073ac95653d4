import type { Team } from '../../../src-main/team';
import type { PushStatus, TeamDatabase, TeamEngine } from '../../../src-main/team/postgres';

export interface FakeTeam extends Team {
  /** Databases with open engines, in order; closed ones are removed. */
  readonly open_engines: TeamDatabase[];
  readonly checked: TeamDatabase[];
  /** How often the outbox was cleared. */
  readonly disconnected: () => number;
  readonly inits: { admin: TeamDatabase; role: string; password: string }[];
  /** Sets the status engines report from now on. */
  says(status: Partial<PushStatus>): void;
  /** Sets what opening, checking and preparing throw from now on; null lets them succeed. */
  failsWith(error: unknown): void;
}

/** A team engine without a database. */
export function createFakeTeam(): FakeTeam {
  const open: TeamDatabase[] = [];
  const checked: TeamDatabase[] = [];
  let disconnections = 0;
  const inits: FakeTeam['inits'] = [];
  let status: PushStatus = {
    state: 'idle',
    waiting: 0,
    pushed: 0,
    set_aside: 0,
    last_push_at: null,
    last_error: null,
    next_try_at: null,
  };
  let failure: { error: unknown } | null = null;
  const fail = (): void => {
    if (failure !== null) throw failure.error;
  };
  const engine = (database: TeamDatabase): TeamEngine => ({
    status: () => status,
    async push() {
      fail();
      const pushed = status.waiting;
      status = { ...status, pushed, waiting: 0, last_push_at: '2026-01-01T00:00:00.000Z' };
      return { pushed, waiting: 0, set_aside: status.set_aside };
    },
    pause: () => void (status = { ...status, state: 'paused' }),
    resume: () => void (status = { ...status, state: 'idle' }),
    setAside: (limit) =>
      Array.from({ length: Math.min(limit, status.set_aside) }, (_, index) => ({
        record_type: 'run',
        record_id: `run-${String(index)}`,
        reason: 'the database refuses it',
        since: '2026-01-01T00:00:00.000Z',
      })),
    retrySetAside() {
      const retried = status.set_aside;
      status = { ...status, set_aside: 0, waiting: status.waiting + retried };
      return retried;
    },
    async counts() {
      fail();
      return [{ record_type: 'run', local: 3, remote: 2 }];
    },
    async close() {
      open.splice(open.indexOf(database), 1);
    },
  });
  return {
    open_engines: open,
    checked,
    disconnected: () => disconnections,
    inits,
    says: (change) => void (status = { ...status, ...change }),
    failsWith: (error) => void (failure = error === null ? null : { error }),
    async open(database) {
      fail();
      open.push(database);
      return engine(database);
    },
    async init(admin, { role, password }) {
      fail();
      inits.push({ admin, role, password });
      return { applied: ['0001_team'], role };
    },
    async disconnect() {
      if (open.length > 0) throw new Error('An engine is still open.');
      disconnections += 1;
    },
    async check(database) {
      checked.push(database);
      fail();
      return { server_version: '18.4', schema_version: 1, role: database.user };
    },
  };
}
