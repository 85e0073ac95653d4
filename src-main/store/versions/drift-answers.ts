import type { DriftEvent } from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { SUMMARY, toSummary, type StoredRunSummary, type SummaryRow } from '../runs/reads';

/** Runs considered on each side of the change; the nearest ones are the most telling. */
const NEAREST = 2_000;

export interface AnswerPair {
  readonly rendered_prompt: string;
  readonly rendered_prompt_sha256: string;
  readonly before: StoredRunSummary;
  readonly after: StoredRunSummary;
}

/** Answers to the same input on both sides of a change, nearest to it; falls back to probes if no runs compare. */
export function answersAround(
  db: ReadDb,
  event: DriftEvent,
  limit: number,
): { pairs: AnswerPair[]; total: number } {
  const side = (name: string, order: string): string => `${name} AS (
    SELECT seq, rendered_prompt_sha256, grounding_mode, kind FROM (
      SELECT * FROM runs WHERE template_id = @template_id AND seq ${order}
      LIMIT ${NEAREST})
    WHERE connection_id = @connection_id AND model_id = @model_id AND provider_version_key = @${name}
      AND attempt_id IS NOT NULL)`;
  const found = db
    .prepare<[Record<string, string>], { before: number; after: number; kind: string }>(
      `WITH change AS (SELECT seq FROM runs WHERE run_id = @run_id),
       ${side('before', '< (SELECT seq FROM change) ORDER BY seq DESC')},
       ${side('after', '>= (SELECT seq FROM change) ORDER BY seq')}
       SELECT max(before.seq) AS before, min(after.seq) AS after, before.kind AS kind
       FROM before JOIN after USING (rendered_prompt_sha256, grounding_mode, kind)
       GROUP BY rendered_prompt_sha256, grounding_mode, kind ORDER BY after`,
    )
    .all({
      run_id: event.after.run_id,
      template_id: event.template_id,
      connection_id: event.connection_id,
      model_id: event.model_id,
      before: event.before.provider_version_key,
      after: event.after.provider_version_key,
    });
  const runs = found.filter(({ kind }) => kind === 'run');
  const pairs = runs.length > 0 ? runs : found;
  return {
    total: pairs.length,
    pairs: pairs.slice(0, limit).map(({ before, after }) => ({
      ...promptAt(db, after),
      before: summaryAt(db, before),
      after: summaryAt(db, after),
    })),
  };
}

function promptAt(db: ReadDb, seq: number): Pick<AnswerPair, 'rendered_prompt' | 'rendered_prompt_sha256'> {
  return existing(
    db
      .prepare<[number], Pick<AnswerPair, 'rendered_prompt' | 'rendered_prompt_sha256'>>(
        'SELECT rendered_prompt, rendered_prompt_sha256 FROM runs WHERE seq = ?',
      )
      .get(seq),
  );
}

function summaryAt(db: ReadDb, seq: number): StoredRunSummary {
  return toSummary(existing(db.prepare<[number], SummaryRow>(`${SUMMARY} WHERE runs.seq = ?`).get(seq)));
}

/** Asserts that the row exists: runs are never deleted. */
function existing<T>(row: T | undefined): T {
  if (row === undefined) throw new Error('a run that was just found is gone');
  return row;
}
