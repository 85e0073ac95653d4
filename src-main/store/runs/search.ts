import { OPEN_STATUSES } from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import type { RunRow } from './reads';
import { quoted } from '../engine/quoted';
import { promptNameOf } from '../templates/names';

/** A run whose words are not in the search, or not those of its answer. */
export type UnsearchedRun = Pick<
  RunRow,
  'seq' | 'attempt_id' | 'model_id' | 'provider' | 'status' | 'rendered_prompt'
> & { readonly names: string };

const HAS_ENDED = `status NOT IN (${quoted(OPEN_STATUSES)})`;
const UNTIL = `(SELECT until FROM run_search_state)`;

export function nextUnsearched(db: ReadDb, limit: number): UnsearchedRun[] {
  return db
    .prepare<[number, number], UnsearchedRun>(
      `SELECT runs.seq, attempt_id, runs.model_id, runs.provider, runs.status, rendered_prompt,
         ${promptNameOf('templates')} || CASE templates.trial WHEN 1 THEN ' trial draft ' ELSE ' ' END || coalesce(batches.name, '') || ' ' || runs.model_id AS names
       FROM (SELECT seq AS wanted FROM (SELECT seq FROM runs WHERE seq > ${UNTIL} ORDER BY seq LIMIT ?)
             UNION ALL
             SELECT run_seq FROM (SELECT run_seq FROM run_search_waiting JOIN runs ON seq = run_seq
               WHERE ${HAS_ENDED} LIMIT ?))
       JOIN runs ON runs.seq = wanted JOIN templates USING (template_id) LEFT JOIN batches USING (batch_id)`,
    )
    .all(limit, limit);
}

/** How many runs a search would not find by their answers now, though they have one. */
export function countUnsearched(db: ReadDb): number {
  const row = db
    .prepare<[], { n: number }>(
      `SELECT (SELECT coalesce(max(seq), 0) FROM runs) - ${UNTIL}
         + (SELECT count(*) FROM run_search_waiting JOIN runs ON seq = run_seq WHERE ${HAS_ENDED}) AS n`,
    )
    .get();
  return row?.n ?? 0;
}

export function putSearchWords(
  tx: WriteDb,
  run: { seq: number; names: string; prompt: string; output: string; hasEnded: boolean },
): void {
  tx.prepare(`INSERT OR REPLACE INTO run_search (rowid, names, prompt, output) VALUES (?, ?, ?, ?)`).run(
    run.seq,
    run.names,
    run.prompt,
    run.output,
  );
  const wait = run.hasEnded
    ? `DELETE FROM run_search_waiting WHERE run_seq = ?`
    : `INSERT OR IGNORE INTO run_search_waiting (run_seq) VALUES (?)`;
  tx.prepare(wait).run(run.seq);
  tx.prepare(`UPDATE run_search_state SET until = max(until, ?)`).run(run.seq);
}

/** In the commit that gives a run another answer: where it was looked at already, it has to be again. */
export function searchAgain(tx: WriteDb, runId: string): void {
  tx.prepare(
    `INSERT OR IGNORE INTO run_search_waiting (run_seq) SELECT seq FROM runs WHERE run_id = ? AND seq <= ${UNTIL}`,
  ).run(runId);
}
