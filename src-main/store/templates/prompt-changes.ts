import type { PromptChange } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { promptChanges } from './tables';

const CHANGE = storedColumns(promptChanges, namesOf(promptChanges, 'seq'), 'change_id');

export function insertPromptChange(tx: WriteDb, change: PromptChange): void {
  tx.prepare(CHANGE.insert).run(...CHANGE.encode(change));
  appendStored(tx, 'prompt_change', change.change_id);
  tx.changed('templates', change.prompt_id);
}

/** What the prompt is called and whether it is active now; undefined while nobody has changed either. */
export function latestPromptChange(db: ReadDb, promptId: string): PromptChange | undefined {
  const row = db
    .prepare<[string], StoredRow>(
      `SELECT ${CHANGE.list} FROM prompt_changes WHERE prompt_id = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(promptId);
  return row && CHANGE.decode(row);
}

/** Every change of the prompt's name and of whether it is active, newest first. */
export function listPromptChanges(db: ReadDb, promptId: string): PromptChange[] {
  return db
    .prepare<[string], StoredRow>(
      `SELECT ${CHANGE.list} FROM prompt_changes WHERE prompt_id = ? ORDER BY seq DESC`,
    )
    .all(promptId)
    .map(CHANGE.decode);
}
