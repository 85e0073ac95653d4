import { setImmediate } from 'node:timers/promises';
import {
  deleteQueued,
  getState,
  nextQueued,
  putAside,
  putState,
  queueStored,
  startOutbox,
  type Store,
} from '../store';
import type { Logger } from '../ports';
import { pushUnits, type Origin, type Outcome } from './push-rows';
import { loadUnits, type Unit } from './records';
import type { TeamServer } from './server';
import type { Session } from './session';

/** Records of one transaction, each with its entry in the audit log: enough to make the way there and the fsync small beside them. */
const BATCH_RECORDS = 2_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** How many records of those stored before the team database was set up are queued at once. */
const STORED_AT_ONCE = 2_000;
/** Records read in one go: about a millisecond. */
const READ_AT_ONCE = 100;

export interface Drain {
  readonly store: Store;
  readonly logger: Logger;
  readonly origin: Origin;
  /** Whether to stop after the batch under way. */
  stopped(): boolean;
  /** Hears of every commit on both sides. */
  settled(outcome: { taken: number; aside: number; differing: number; left: 'fewer' | 'recount' }): void;
}

/** Pushes what waits, in the order of the commits, until nothing does. */
export async function drain(job: Drain, session: Session, server: TeamServer): Promise<void> {
  startAnewForAnotherDatabase(job, server);
  let batch = await nextBatch(job, 0);
  while (batch !== null && !job.stopped()) {
    const sending = pushUnits(session, job.origin, batch.units, (outcome) => settle(job, outcome));
    // Read while the server writes. A failure is seen below.
    sending.catch(() => undefined);
    const following: Batch | null = await nextBatch(job, batch.last);
    await sending;
    batch = following ?? (await nextBatch(job, 0));
  }
}

/** Another database, or the same one made anew, gets everything. What it may hold already is recognised by its hash. */
function startAnewForAnotherDatabase(job: Drain, { team_id }: TeamServer): void {
  const known = getState(job.store.read, 'team_id');
  if (known === team_id) return;
  job.store.write((tx) => {
    if (known !== null) startOutbox(tx);
    putState(tx, 'team_id', team_id);
  });
  job.settled({ taken: 0, aside: 0, differing: 0, left: 'recount' });
}

interface Batch {
  readonly units: readonly Unit[];
  /** The place in the outbox up to which it reaches. */
  readonly last: number;
}

/** Reads a piece at a time, so that what goes to the server and comes from it is not kept waiting, nor is the app. */
async function nextBatch(job: Drain, after: number): Promise<Batch | null> {
  const { store } = job;
  let queued = nextQueued(store.read, after, BATCH_RECORDS);
  if (queued.length === 0) {
    // Only as much as can be pushed soon, so that the outbox stays small.
    if (!store.write((tx) => queueStored(tx, STORED_AT_ONCE))) return null;
    job.settled({ taken: 0, aside: 0, differing: 0, left: 'recount' });
    queued = nextQueued(store.read, after, BATCH_RECORDS);
  }
  const units: Unit[] = [];
  let bytes = 0;
  for (let from = 0; from < queued.length; from += READ_AT_ONCE) {
    for (const unit of loadUnits(store.read, queued.slice(from, from + READ_AT_ONCE))) {
      // A large record goes by itself.
      if (units.length > 0 && bytes + unit.bytes > BATCH_BYTES) return batchOf(units, after);
      units.push(unit);
      bytes += unit.bytes;
    }
    await setImmediate();
  }
  return batchOf(units, after);
}

function batchOf(units: readonly Unit[], after: number): Batch {
  return { units, last: units.at(-1)?.queued.seq ?? after };
}

/** Acknowledged by the server, row by row: only then a record leaves the outbox. */
function settle(job: Drain, { taken, refused }: Outcome): void {
  job.store.write((tx) => {
    deleteQueued(
      tx,
      taken.map(({ seq }) => seq),
    );
    for (const { queued, reason } of refused) putAside(tx, queued, reason);
  });
  for (const { queued, reason, differs } of refused) {
    job.logger.log(differs ? 'error' : 'warn', differs ? 'team.record_differs' : 'team.record_refused', {
      record_type: queued.record_type,
      record_id: queued.record_id,
      reason,
    });
  }
  const differing = refused.filter(({ differs }) => differs).length;
  job.settled({ taken: taken.length, aside: refused.length, differing, left: 'fewer' });
}
