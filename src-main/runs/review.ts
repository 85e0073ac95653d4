import { setImmediate } from 'node:timers/promises';
import {
  AppError,
  isAppError,
  type JsonObject,
  MAX_GROUPED,
  notFound,
  type Review,
  type ReviewCase,
  type ReviewItem,
  type ReviewManyResult,
  type ReviewRequest,
  type TextProblem,
  timestampOf,
  validationError,
} from '../../src-shared/domain';
import type { Clock, Ids, ParsedAnswer, ProviderClients, Service } from '../ports';
import {
  decodeCursor,
  requireRun,
  getTemplate,
  insertReview,
  isInReviewQueue,
  listReviewQueue,
  listReviews,
  listWaiting,
  listWaitingAt,
  reviewItem,
  nameIn,
  reviewTotals,
  templateHeads,
  type ReadDb,
  type RunRow,
  type Store,
  type StoredRawResponse,
  type StoredReviewItem,
  type WriteDb,
} from '../store';
import { byteMarks } from './byte-marks';
import { isWhole } from './derive';
import { groupIdOf, groupsOf } from './review-groups';
import { checkJsonText, readJsonText, readOutput, type OutputReading } from './read-output';
import { answerOfRun, noAnswer } from './stored-answer';

/** A longer output is shown as bytes: an editor with it would freeze. */
const MAX_EDITED = 500_000;

/** A stored answer, re-read for review. */
interface Answer {
  readonly row: RunRow & { readonly attempt_id: string };
  readonly raw: StoredRawResponse;
  readonly schema: JsonObject | null;
  readonly parsed: ParsedAnswer | null;
  readonly output: OutputReading | null;
  readonly isCut: boolean;
}

/**
 * The review queue: people accept, correct or dismiss outputs that could not be used as received. A review is a
 * separate record; the run's verdict follows from its bytes and stays.
 */
export function createReviewService(deps: {
  store: Store;
  clock: Clock;
  ids: Ids;
  clients: ProviderClients;
}): Service<'review'> {
  const { store } = deps;

  const answerOf = (runId: string): Answer => {
    const row = requireRun(store.read, runId);
    const answer = answerOfRun(store.read, deps.clients, row);
    if (row.attempt_id === null || !answer?.read) throw noAnswer(runId);
    const { raw, read } = answer;
    const schema = getTemplate(store.read, row.template_id)?.response_schema ?? null;
    const result = read.client.parse(read.stored);
    const parsed = result.ok ? result.answer : null;
    const whole = parsed !== null && isWhole(parsed, raw.complete);
    return {
      row: { ...row, attempt_id: row.attempt_id },
      raw,
      schema,
      parsed,
      output: parsed === null ? null : readOutput(parsed, schema, whole),
      isCut: parsed !== null && !whole,
    };
  };

  const reviewOf = (run_id: string, request: ReviewRequest): Review => {
    const answer = answerOf(run_id);
    return {
      review_id: deps.ids.uuid(),
      org_id: answer.row.org_id,
      workspace_id: answer.row.workspace_id,
      template_id: answer.row.template_id,
      run_id,
      attempt_id: answer.row.attempt_id,
      action: request.action,
      corrected_text: correctedText(answer, request),
      reason: request.reason || null,
      raw_response_sha256: answer.raw.sha256,
      previous_review_id: request.previous_review_id ?? null,
      reviewed_by: request.reviewed_by ?? null,
      created_at: timestampOf(deps.clock.now()),
    };
  };

  return {
    list({ group_id, ...page }) {
      const { items, next_cursor } =
        group_id === undefined
          ? listReviewQueue(store.read, page)
          : listWaitingAt(store.read, placesOf(store.read, group_id, page), page.limit);
      return { items: reviewItems(store.read, items), next_cursor, totals: reviewTotals(store.read) };
    },

    groups() {
      const rows = listWaiting(store.read, MAX_GROUPED);
      const heads = templateHeads(
        store.read,
        rows.map(({ template_id }) => template_id),
      );
      return {
        items: groupsOf(rows, (id) => nameIn(heads, id)),
        grouped: rows.length,
        totals: reviewTotals(store.read),
      };
    },

    get({ run_id }) {
      const answer = answerOf(run_id);
      const stored = reviewItem(store.read, run_id);
      const [item] = reviewItems(store.read, stored ? [stored] : []);
      if (!item) throw notFound('run', run_id);
      const text = answer.parsed?.outputText ?? null;
      const reviews = listReviews(store.read, run_id);
      const isReviewed = reviews.some(({ attempt_id }) => attempt_id === answer.row.attempt_id);
      return {
        item,
        state: isReviewed ? 'closed' : isInReviewQueue(store.read, run_id) ? 'open' : 'none',
        response_schema: answer.schema,
        output_text: text !== null && text.length <= MAX_EDITED ? text : null,
        output_length: text?.length ?? 0,
        problems: text === null ? [] : problemsOf(text, answer.schema),
        proposed_text: answer.output?.repaired ?? null,
        why_not_acceptable: whyNotAcceptable(answer),
        marks: marksOf(answer, text),
        reviews,
      };
    },

    check({ run_id, corrected_text }) {
      const row = requireRun(store.read, run_id);
      const schema = getTemplate(store.read, row.template_id)?.response_schema ?? null;
      const problems = problemsOf(corrected_text, schema);
      return { valid: problems.length === 0, problems };
    },

    decide({ run_id, ...request }) {
      const review = reviewOf(run_id, request);
      store.write((tx) => record(tx, review));
      return review;
    },

    async decideMany({ run_ids, ...request }) {
      if (request.action === 'dismiss') assertReason(request);
      const refused: ReviewManyResult['refused'] = [];
      const refuse = (run_id: string, error: unknown): void => {
        if (!isAppError(error)) throw error;
        refused.push({ run_id, code: error.code, message: error.message });
      };
      const reviews: Review[] = [];
      for (const run_id of new Set(run_ids)) {
        try {
          reviews.push(reviewOf(run_id, request));
        } catch (error) {
          refuse(run_id, error);
        }
        // Reading a long answer takes time: yield between two.
        await setImmediate();
      }
      const decided = store.write((tx) =>
        reviews.filter((review) => {
          try {
            record(tx, review);
            return true;
          } catch (error) {
            refuse(review.run_id, error);
            return false;
          }
        }),
      );
      return { decided, refused };
    },
  };
}

function reviewItems(db: ReadDb, items: readonly StoredReviewItem[]): ReviewItem[] {
  const heads = templateHeads(
    db,
    items.map(({ template_id }) => template_id),
  );
  return items.map((item) => ({ ...item, ...nameIn(heads, item.template_id), group_id: groupIdOf(item) }));
}

/** Positions of a group's members in the queue, from a cursor on. */
function placesOf(
  db: ReadDb,
  groupId: string,
  page: { readonly template_id?: string | undefined; readonly cursor?: string | undefined },
): number[] {
  const after = page.cursor === undefined ? 0 : decodeCursor(page.cursor);
  return listWaiting(db, MAX_GROUPED)
    .filter(
      (row) =>
        row.run_seq > after &&
        (page.template_id === undefined || row.template_id === page.template_id) &&
        groupIdOf(row) === groupId,
    )
    .map(({ run_seq }) => run_seq);
}

/** Adds a review if the answer is waiting for one. @throws REVIEW_STATE before anything is written */
function record(tx: WriteDb, review: Review): void {
  assertOpen(listReviews(tx, review.run_id), review, isInReviewQueue(tx, review.run_id));
  insertReview(tx, review);
}

/**
 * The first reviewer decides; a second one is told the decision, and may replace it by naming it. @throws REVIEW_STATE
 */
function assertOpen(reviews: readonly Review[], review: Review, isQueued: boolean): void {
  const { run_id } = review;
  const standing = reviews.find(({ attempt_id }) => attempt_id === review.attempt_id);
  if (standing && standing.review_id !== review.previous_review_id) {
    const who = standing.reviewed_by === null ? '' : ` by ${standing.reviewed_by}`;
    throw new AppError(
      'REVIEW_STATE',
      `This answer has already been reviewed (${standing.action}${who}, ${standing.created_at}). To replace that review, give its id as previous_review_id.`,
      { data: { run_id, review: standing } },
    );
  }
  if (standing) return;
  if (review.previous_review_id !== null) {
    throw new AppError('REVIEW_STATE', `"${review.previous_review_id}" is not a review of this answer.`, {
      data: { run_id, previous_review_id: review.previous_review_id },
    });
  }
  if (!isQueued) {
    throw new AppError(
      'REVIEW_STATE',
      'This answer needs no review: it was read, or failed in another way.',
      {
        data: { run_id },
      },
    );
  }
}

/** @throws VALIDATION_FAILED with the paths of what is wrong, REVIEW_STATE if there is nothing to accept */
function correctedText(answer: Answer, request: ReviewRequest): string | null {
  const { action, corrected_text: text, corrected_json: json } = request;
  if (action !== 'correct') {
    const extra = text !== undefined ? 'corrected_text' : json !== undefined ? 'corrected_json' : null;
    if (extra !== null)
      throw validationError([{ path: extra, message: `belongs to the action "correct", not "${action}"` }]);
  }
  if (action === 'dismiss') {
    assertReason(request);
    return null;
  }
  if (action === 'accept') {
    const why = whyNotAcceptable(answer);
    if (why !== null) throw new AppError('REVIEW_STATE', why, { data: { run_id: answer.row.run_id } });
    return answer.output?.repaired ?? null;
  }
  if ((text === undefined) === (json === undefined)) {
    throw validationError([
      {
        path: 'corrected_text',
        message: 'give the corrected output, as corrected_text or as corrected_json',
      },
    ]);
  }
  const corrected = text ?? JSON.stringify(json);
  const problems = problemsOf(corrected, answer.schema);
  if (problems.length > 0) throw validationError(problems);
  return corrected;
}

/** @throws VALIDATION_FAILED */
function assertReason({ reason }: Pick<ReviewRequest, 'reason'>): void {
  if (!reason) throw validationError([{ path: 'reason', message: 'say why the answer is dismissed' }]);
}

/** What can be accepted: jsonrepair's proposal, or the model's own JSON despite a schema violation. */
function whyNotAcceptable({ parsed, output, schema }: Answer): string | null {
  if (parsed === null)
    return 'The answer could not be read, so there is no output to accept. Correct or dismiss it.';
  if ((parsed.outputText ?? '') === '') return 'The answer has no output to accept. Correct or dismiss it.';
  if (schema === null || output === null || output.repaired !== null) return null;
  return readJsonText(parsed.outputText ?? '').ok
    ? null
    : 'The output is not JSON, and no repair of it matches the schema: there is nothing to accept. Correct or dismiss it.';
}

function problemsOf(text: string, schema: JsonObject | null): TextProblem[] {
  if (schema === null) {
    return text.trim() === '' ? [{ path: 'corrected_text', message: 'must not be empty', offset: null }] : [];
  }
  const check = checkJsonText(text, schema);
  if (check.ok) return [];
  return check.problems.map(({ pointer, message }) => ({
    path: `corrected_json${pointer}`,
    message,
    offset: check.offset,
  }));
}

function marksOf({ raw, parsed, schema, isCut }: Answer, text: string | null): ReviewCase['marks'] {
  // Compressed bytes cannot be marked: what is wrong is inside them.
  const isPlain = raw.headers.every(
    ([name, value]) => name.toLowerCase() !== 'content-encoding' || value === 'identity',
  );
  if (!isPlain) return [];
  const reading = schema === null || text === null ? null : readJsonText(text);
  return byteMarks(raw.bytes, {
    complete: raw.complete,
    output: text === null ? null : { text, offset: reading?.ok === false ? reading.offset : null, isCut },
    envelopeOffset: parsed === null && !raw.streamed ? offsetOf(raw.bytes) : null,
  });
}

function offsetOf(bytes: Uint8Array): number | null {
  const reading = readJsonText(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  );
  return reading.ok ? null : reading.offset;
}
