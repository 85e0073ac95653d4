import type { TemplateLabel } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { templateLabels } from './tables';

const MOVE = storedColumns(templateLabels, namesOf(templateLabels, 'seq'), 'move_id');

export function insertLabelMove(tx: WriteDb, move: TemplateLabel): void {
  tx.prepare(MOVE.insert).run(...MOVE.encode(move));
  appendStored(tx, 'label', move.move_id);
  tx.changed('templates', move.template_id ?? move.move_id);
}

/** Where a workspace's label points now; `template_id` is null if the label was removed. */
export function latestLabelMove(
  db: ReadDb,
  { org_id, workspace_id, label }: Pick<TemplateLabel, 'org_id' | 'workspace_id' | 'label'>,
): TemplateLabel | undefined {
  const row = db
    .prepare<[string, string, string], StoredRow>(
      `SELECT ${MOVE.list} FROM template_labels WHERE label = ? AND workspace_id = ? AND org_id = ?
       ORDER BY seq DESC LIMIT 1`,
    )
    .get(label, workspace_id, org_id);
  return row && MOVE.decode(row);
}

/** Holds if no later row moved this label; `move` is its table's name in the query. */
export const isNewestMove = (move: string): string =>
  `${move}.seq = (SELECT max(n.seq) FROM template_labels n
    WHERE n.label = ${move}.label AND n.workspace_id = ${move}.workspace_id AND n.org_id = ${move}.org_id)`;

/** The labels that point to these templates now: sorted, by template. */
export function labelsOf(db: ReadDb, templateIds: readonly string[]): ReadonlyMap<string, string[]> {
  const rows = db
    .prepare<[string], { template_id: string; label: string }>(
      `SELECT m.template_id, m.label FROM template_labels m
       WHERE m.template_id IN (SELECT value FROM json_each(?)) AND ${isNewestMove('m')}`,
    )
    .all(JSON.stringify(templateIds));
  return new Map(
    [...Map.groupBy(rows, (row) => row.template_id)].map(([id, found]) => [
      id,
      found.map(({ label }) => label).toSorted(),
    ]),
  );
}

/** The labels that point to this template now, with when and by whom each was moved here. */
export function listLabels(db: ReadDb, templateId: string): TemplateLabel[] {
  return db
    .prepare<[string], StoredRow>(
      `SELECT ${MOVE.list} FROM template_labels
       WHERE template_id = ? AND ${isNewestMove('template_labels')} ORDER BY label`,
    )
    .all(templateId)
    .map(MOVE.decode);
}
