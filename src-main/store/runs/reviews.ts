import type { Review, ReviewItem, ReviewTotals, TemplateName } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import { decodeCursor, pageOf } from '../engine/cursor';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type ListedRow, type StoredRow } from '../engine/stored-rows';
import { reviews } from './review-tables';
import { runs } from './tables';

const REVIEW = storedColumns(reviews, namesOf(reviews, 'seq'), 'review_id');

/** Adds a review, and with it takes the run out of the queue. The table's indexes allow one first review of an answer. */
export function insertReview(tx: WriteDb, review: Review): void {
  tx.prepare(REVIEW.insert).run(...REVIEW.encode(review));
  appendStored(tx, 'review', review.review_id, review.reviewed_by);
  tx.changed('reviews', review.run_id);
}

/** All reviews of a run, of its earlier answers too, latest first. */
export function listReviews(db: ReadDb, runId: string): Review[] {
  return db
    .prepare<[string], StoredRow>(`SELECT ${REVIEW.list} FROM reviews WHERE run_id = ? ORDER BY seq DESC`)
    .all(runId)
    .map(REVIEW.decode);
}

const WAITING = storedColumns(
  runs,
  [
    'run_id',
    'template_id',
    'batch_id',
    'provider',
    'model_id',
    'status',
    'failure_code',
    'failure_message',
    'parse_attempts',
    'parse_error_message',
    'parse_method_used',
    'simulated',
    'executed_at',
  ],
  'run_id',
);
const ITEM = `SELECT runs.seq, ${WAITING.list}, raw_responses.size AS raw_response_size`;
const JOINED = `JOIN raw_responses ON raw_responses.attempt_id = runs.attempt_id`;

/** A waiting run without its template's names, and without its group: groups are no matter of the store. */
export type StoredReviewItem = Omit<ReviewItem, 'group_id' | keyof TemplateName>;

type ItemRow = ListedRow & Pick<StoredReviewItem, 'raw_response_size'>;

/** Runs that wait for a review, oldest first. */
export function listReviewQueue(
  db: ReadDb,
  page: { template_id?: string | undefined; cursor?: string | undefined; limit: number },
): { items: StoredReviewItem[]; next_cursor: string | null } {
  const after = page.cursor === undefined ? 0 : decodeCursor(page.cursor);
  const ofTemplate = page.template_id === undefined ? '' : 'AND review_queue.template_id = ?';
  const values = page.template_id === undefined ? [after] : [after, page.template_id];
  const rows = db
    .prepare<(string | number)[], ItemRow>(
      `${ITEM} FROM review_queue JOIN runs USING (run_id) ${JOINED}
       WHERE review_queue.run_seq > ? ${ofTemplate} ORDER BY review_queue.run_seq LIMIT ?`,
    )
    .all(...values, page.limit + 1);
  return pageOf(rows, page.limit, itemOf);
}

const GROUPED = storedColumns(
  runs,
  ['run_id', 'template_id', 'failure_code', 'failure_message', 'parse_method_used'],
  'run_id',
);

/** A waiting run as far as its group is told by it. */
export interface WaitingRun extends Pick<
  ReviewItem,
  'run_id' | 'template_id' | 'failure_code' | 'failure_message' | 'parse_method_used'
> {
  readonly run_seq: number;
}

/** The runs that wait longest, oldest first. */
export function listWaiting(db: ReadDb, limit: number): WaitingRun[] {
  return db
    .prepare<[number], StoredRow & Pick<WaitingRun, 'run_seq'>>(
      `SELECT queue.run_seq, ${GROUPED.list}
       FROM (SELECT * FROM review_queue ORDER BY run_seq LIMIT ?) AS queue
         JOIN runs ON runs.seq = queue.run_seq
       ORDER BY queue.run_seq`,
    )
    .all(limit)
    .map((row) => ({ ...GROUPED.decode(row), run_seq: row.run_seq }));
}

/** Waiting runs by their places in the queue. */
export function listWaitingAt(
  db: ReadDb,
  seqs: readonly number[],
  limit: number,
): { items: StoredReviewItem[]; next_cursor: string | null } {
  const rows = db
    .prepare<[string], ItemRow>(
      `${ITEM} FROM runs ${JOINED} WHERE runs.seq IN (SELECT value FROM json_each(?)) ORDER BY runs.seq`,
    )
    .all(JSON.stringify(seqs.slice(0, limit + 1)));
  return pageOf(rows, limit, itemOf);
}

/** A run as the queue would list it; undefined where it has no stored answer. */
export function reviewItem(db: ReadDb, runId: string): StoredReviewItem | undefined {
  const row = db.prepare<[string], ItemRow>(`${ITEM} FROM runs ${JOINED} WHERE run_id = ?`).get(runId);
  return row && itemOf(row);
}

export function isInReviewQueue(db: ReadDb, runId: string): boolean {
  return (
    db.prepare<[string], { 1: number }>(`SELECT 1 FROM review_queue WHERE run_id = ?`).get(runId) !==
    undefined
  );
}

function itemOf(row: ItemRow): StoredReviewItem {
  return { ...WAITING.decode(row), raw_response_size: row.raw_response_size };
}

/** How many wait, and how the reviews that stand decided. */
export function reviewTotals(db: ReadDb): ReviewTotals {
  const row = db
    .prepare<[], ReviewTotals>(`SELECT open, accepted, corrected, dismissed FROM review_totals`)
    .get();
  return row ?? { open: 0, accepted: 0, corrected: 0, dismissed: 0 };
}
