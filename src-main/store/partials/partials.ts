import type { Include, PromptPartial } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type ListedRow, type StoredRow } from '../engine/stored-rows';
import { partials } from './tables';

const PARTIAL = storedColumns(partials, namesOf(partials, 'seq'), 'partial_id');

/** Whose partials. */
export type PartialOwner = Pick<PromptPartial, 'org_id' | 'workspace_id'>;

export function insertPartial(tx: WriteDb, partial: PromptPartial): void {
  tx.prepare(PARTIAL.insert).run(...PARTIAL.encode(partial));
  appendStored(tx, 'partial', partial.partial_id);
  tx.changed('templates', partial.partial_id);
}

/** The text that counts now; undefined where there is no partial of this name. */
export function newestPartial(db: ReadDb, owner: PartialOwner, name: string): PromptPartial | undefined {
  const row = db
    .prepare<[string, string, string], StoredRow>(
      `SELECT ${PARTIAL.list} FROM partials WHERE org_id = ? AND workspace_id = ? AND name = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(owner.org_id, owner.workspace_id, name);
  return row && PARTIAL.decode(row);
}

/** A partial as it was frozen: the newest row with this name and text. */
export function frozenPartial(
  db: ReadDb,
  owner: PartialOwner,
  { name, text_sha256 }: Include,
): PromptPartial | undefined {
  const row = db
    .prepare<[string, string, string, string], StoredRow>(
      `SELECT ${PARTIAL.list} FROM partials
       WHERE org_id = ? AND workspace_id = ? AND name = ? AND text_sha256 = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(owner.org_id, owner.workspace_id, name, text_sha256);
  return row && PARTIAL.decode(row);
}

/** The newest text of each name, newest first. */
export function listPartials(
  db: ReadDb,
  owner: PartialOwner,
  page: { readonly before: number; readonly limit: number },
): (PromptPartial & { readonly seq: number })[] {
  const rows = db
    .prepare<[string, string, number, number], ListedRow>(
      `SELECT partials.seq, ${PARTIAL.list} FROM partials WHERE org_id = ? AND workspace_id = ? AND seq < ?
         AND NOT EXISTS (SELECT 1 FROM partials newer WHERE newer.org_id = partials.org_id
           AND newer.workspace_id = partials.workspace_id AND newer.name = partials.name AND newer.seq > partials.seq)
       ORDER BY seq DESC LIMIT ?`,
    )
    .all(owner.org_id, owner.workspace_id, page.before, page.limit);
  return rows.map((row) => ({ ...PARTIAL.decode(row), seq: row.seq }));
}
