import { setImmediate } from 'node:timers/promises';
import { spanAt, type LogSpan } from '../../audit';
import {
  endStored,
  getState,
  hasStored,
  leavesAt,
  nextQueued,
  nextStored,
  putState,
  settleQueued,
  startOutbox,
  type ReadDb,
  type Store,
} from '../../store';
import type { Logger } from '../../ports';
import { parcelOf, pushParcel, type Outcome, type Parcel } from './push-rows';
import { loadUnits, type QueuedEntry, type Unit } from './records';
import type { TeamServer } from './server';
import type { Session } from './session';

/** Records per transaction, each with its audit entry: enough to make round trip and fsync negligible. */
const BATCH_RECORDS = 4_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Records per read, which takes a few milliseconds. */
const READ_PAGE_SIZE = 200;

export interface Drain {
  readonly store: Store;
  readonly logger: Logger;
  readonly org_id: string;
  /** The name of the log that each audit entry was written under; its rows are pushed under that name. */
  readonly logs: readonly LogSpan[];
  /** Whether to stop after the current batch. */
  stopped(): boolean;
  /** Called after each commit on both sides, and when what is left must be recounted. */
  settled(outcome: Settled): void;
}

export interface Settled {
  readonly taken: number;
  readonly aside: number;
  /** Why records differ from the team database's; null if none do. */
  readonly alarm: string | null;
  readonly left: 'fewer' | 'recount';
}

/** Pushes waiting records, in commit order, until none are left. */
export async function drain(job: Drain, session: Session, server: TeamServer): Promise<void> {
  resetForNewDatabase(job, server);
  const outcomes: Outcome[] = [];
  try {
    let batch = await nextBatch(job, START);
    while (batch !== null && !job.stopped()) {
      const sending = pushParcel(session, job.org_id, batch.parcel, (outcome) => outcomes.push(outcome));
      sending.catch(() => undefined);
      // While the server writes, read the next batch and settle the last one. A failure is handled below.
      const following: Batch | null = await nextBatch(job, batch.last);
      settle(job, outcomes.splice(0));
      await sending;
      if (following === null) settle(job, outcomes.splice(0));
      batch = following ?? (await nextBatch(job, START));
    }
  } finally {
    settle(job, outcomes);
  }
}

/** A new or recreated database gets everything. Records it already has are recognised by hash. */
function resetForNewDatabase(job: Drain, { team_id }: TeamServer): void {
  const known = getState(job.store.read, 'team_id');
  if (known === team_id) return;
  job.store.write((tx) => {
    if (known !== null) startOutbox(tx);
    putState(tx, 'team_id', team_id);
  });
  job.settled({ taken: 0, aside: 0, alarm: null, left: 'recount' });
}

interface Batch {
  readonly parcel: Parcel;
  /** The position of its last record. */
  readonly last: Place;
}

/** Positions reached in the outbox, and in the audit log for records stored before the outbox was started. */
interface Place {
  readonly queued: number;
  readonly stored: number;
}
const START: Place = { queued: 0, stored: 0 };

/** Reads a few records at a time, so that neither the connection nor the app has to wait. */
async function nextBatch(job: Drain, after: Place): Promise<Batch | null> {
  const units: Unit[] = [];
  let last = after;
  let bytes = 0;
  let log = '';
  while (units.length < BATCH_RECORDS) {
    const entries = nextEntries(job.store.read, last);
    if (entries.length === 0) break;
    for (const unit of loadUnits(job.store.read, entries)) {
      const { seq, leaf_seq } = unit.queued;
      const own = spanAt(job.logs, leaf_seq)?.log ?? '';
      // Large records get their own batch, and so does each log.
      if (units.length > 0 && (bytes + unit.bytes > BATCH_BYTES || own !== log))
        return { parcel: parcelOf(log, units), last };
      log = own;
      units.push(unit);
      bytes += unit.bytes;
      last = seq === null ? { ...last, stored: leaf_seq } : { ...last, queued: seq };
    }
    await setImmediate();
  }
  if (units.length > 0) return { parcel: parcelOf(log, units), last };
  if (after === START && hasStored(job.store.read)) {
    job.store.write(endStored);
    job.settled({ taken: 0, aside: 0, alarm: null, left: 'recount' });
  }
  return null;
}

/** Queued records first: the team is waiting for them. */
function nextEntries(db: ReadDb, { queued, stored }: Place): readonly QueuedEntry[] {
  const waiting = nextQueued(db, queued, READ_PAGE_SIZE);
  if (waiting.length === 0) return nextStored(db, stored, READ_PAGE_SIZE);
  const leaves = leavesAt(
    db,
    waiting.map(({ leaf_seq }) => leaf_seq),
  );
  return waiting.map((record) => ({ queued: record, leaf: leaves.get(record.leaf_seq) }));
}

/** Dequeues what the server has acknowledged, and sets aside what it rejected; nothing leaves the queue before. */
function settle(job: Drain, outcomes: readonly Outcome[]): void {
  for (const { taken, refused } of outcomes) {
    job.store.write((tx) => settleQueued(tx, taken, refused));
    for (const { queued, reason, differs } of refused) {
      job.logger.log(differs ? 'error' : 'warn', differs ? 'team.record_differs' : 'team.record_refused', {
        record_type: queued.record_type,
        record_id: queued.record_id,
        reason,
      });
    }
    const alarm = refused.find(({ differs }) => differs)?.reason ?? null;
    job.settled({ taken: taken.length, aside: refused.length, alarm, left: 'fewer' });
  }
}
