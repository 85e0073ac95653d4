import { AppError, isAppError, timestampOf } from '../../../src-shared/domain';
import { logOrigin, logSpans } from '../../audit';
import {
  countAside,
  countQueued,
  getState,
  isOutboxStarted,
  listAside,
  putState,
  queueAsideAgain,
  startOutbox,
} from '../../store';
import { countPushed, countStored } from './counts';
import { drain, type Settled } from './drain';
import { openTeamSession, type TeamServer } from './server';
import type { Session } from './session';
import type { PushStatus, TeamEngine, TeamEngineDeps, TeamTimings } from './types';

const TIMINGS: TeamTimings = {
  connect: 10_000,
  answer: 30_000,
  coalesce: 1_000,
  firstRetry: 1_000,
  lastRetry: 300_000,
  disconnect: 3_000,
};

/**
 * Starts pushing in the background. On first use, one transaction queues everything stored and starts queueing new
 * records, so that nothing slips through.
 */
export function createTeamEngine(deps: TeamEngineDeps): TeamEngine {
  const { store, clock, logger, database, org_id, longReads } = deps;
  const timings = { ...TIMINGS, ...deps.timings };
  const logs = logSpans(store.read, logOrigin(store, deps.ids), null);
  if (!isOutboxStarted(store.read)) store.write(startOutbox);

  let waiting = countQueued(store.read);
  let aside = countAside(store.read);
  let pushed = 0;
  let lastPushAt: string | null = null;
  let lastError: string | null = null;
  let alarm: string | null = null;
  let failures = 0;
  let paused = getState(store.read, 'paused') === 'yes';
  let nextTry: { readonly timer: NodeJS.Timeout; readonly at: number } | null = null;
  let running: Promise<void> | null = null;
  let closed = false;
  const closing = new AbortController();

  const connected = async <T>(
    signal: AbortSignal,
    work: (session: Session, server: TeamServer) => Promise<T>,
  ): Promise<T> => {
    const { session, server } = await openTeamSession(database, org_id, { ...timings, signal });
    try {
      return await work(session, server);
    } finally {
      await session.close();
    }
  };

  const drainNow = async (stopped: () => boolean, signal?: AbortSignal): Promise<void> => {
    const signals = AbortSignal.any(signal ? [closing.signal, signal] : [closing.signal]);
    await connected(signals, (session, server) =>
      drain({ store, logger, org_id, logs, stopped, settled }, session, server),
    );
    failures = 0;
    lastError = null;
  };

  const settled = (what: Settled): void => {
    pushed += what.taken;
    aside += what.aside;
    waiting = what.left === 'recount' ? countQueued(store.read) : waiting - what.taken - what.aside;
    if (what.taken > 0) lastPushAt = timestampOf(clock.now());
    if (what.alarm !== null) alarm = `${what.alarm} The records that differ were set aside.`;
  };

  /** One push at a time: later callers wait for the current one, then run their own. */
  const exclusive = async (work: () => Promise<void>): Promise<void> => {
    const before = running ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    running = mine;
    try {
      await mine;
    } catch (error) {
      if (!isAppError(error) || error.code !== 'CANCELLED') {
        failures += 1;
        lastError = error instanceof Error ? error.message : String(error);
      }
      throw error;
    } finally {
      if (running === mine) running = null;
      scheduleNext();
    }
  };

  const inBackground = (): void => {
    nextTry = null;
    exclusive(() => drainNow(() => paused || closed)).catch((error: unknown) => {
      logger.log('warn', 'team.push_failed', {
        error: error instanceof Error ? error.message : String(error),
      });
    });
  };

  const unschedule = (): void => {
    if (nextTry) clearTimeout(nextTry.timer);
    nextTry = null;
  };

  /** Backs off after failures, with jitter so that installations do not retry in step. */
  const scheduleNext = (): void => {
    if (closed || paused || running || nextTry || waiting <= 0) return;
    const latest = Math.min(timings.lastRetry, timings.firstRetry * 2 ** Math.min(failures - 1, 30));
    const delay = failures === 0 ? timings.coalesce : latest * (0.5 + Math.random() / 2);
    nextTry = { timer: setTimeout(inBackground, delay), at: clock.now() + delay };
    nextTry.timer.unref();
  };

  const stopListening = store.onQueued((records) => {
    waiting += records;
    scheduleNext();
  });
  scheduleNext();

  return {
    status: () => ({
      state: stateOf({ running: running !== null, paused, failed: lastError !== null, waiting }),
      waiting: Math.max(waiting, 0),
      pushed,
      set_aside: aside,
      last_push_at: lastPushAt,
      last_error: lastError ?? alarm,
      next_try_at: nextTry && timestampOf(nextTry.at),
    }),
    async push(signal) {
      if (closed) throw closingError();
      const before = pushed;
      unschedule();
      await exclusive(() => drainNow(() => closed || (signal?.aborted ?? false), signal));
      return { pushed: pushed - before, waiting: Math.max(waiting, 0), set_aside: aside };
    },
    pause() {
      paused = true;
      store.write((tx) => putState(tx, 'paused', 'yes'));
      unschedule();
    },
    resume() {
      paused = false;
      failures = 0;
      store.write((tx) => putState(tx, 'paused', null));
      scheduleNext();
    },
    setAside: (limit) =>
      listAside(store.read, limit).map(({ record_type, record_id, reason, since }) => ({
        record_type,
        record_id,
        reason,
        since,
      })),
    retrySetAside() {
      const records = store.write(queueAsideAgain);
      aside = 0;
      alarm = null;
      waiting += records;
      scheduleNext();
      return records;
    },
    async counts() {
      const { signal } = closing;
      const there = await connected(signal, (session) => countPushed(session, org_id, logs));
      // Counted after the remote side, so that nothing is counted there but not here.
      const here = await longReads(countStored, null, { signal });
      return Object.entries(here).map(([record_type, local]) => ({
        record_type,
        local,
        remote: there[record_type] ?? 0,
      }));
    },
    async close() {
      closed = true;
      stopListening();
      unschedule();
      const impatience = setTimeout(() => closing.abort(closingError()), timings.disconnect);
      await running?.catch(() => undefined);
      clearTimeout(impatience);
      closing.abort(closingError());
    },
  };
}

function closingError(): AppError {
  return new AppError('CANCELLED', 'Prompter is closing. Records not pushed yet will be pushed later.');
}

function stateOf(now: {
  running: boolean;
  paused: boolean;
  failed: boolean;
  waiting: number;
}): PushStatus['state'] {
  if (now.running) return 'pushing';
  if (now.paused) return 'paused';
  if (now.failed) return 'failing';
  return now.waiting > 0 ? 'waiting' : 'idle';
}
