import type { TemplateLabel } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';

/** Lets a label point to a template, or to none, from now on. */
export function insertLabelMove(tx: WriteDb, move: TemplateLabel): void {
  tx.prepare(
    `INSERT INTO template_labels (move_id, org_id, workspace_id, label, template_id, moved_at, moved_by)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    move.move_id,
    move.org_id,
    move.workspace_id,
    move.label,
    move.template_id,
    move.moved_at,
    move.moved_by,
  );
  appendStored(tx, 'label', move.move_id);
  tx.changed('templates', move.template_id ?? move.move_id);
}

const COLUMNS = `m.move_id, m.org_id, m.workspace_id, m.label, m.template_id, m.moved_at, m.moved_by`;

/** Where a label of a workspace points now; `template_id` is null where it was taken away. */
export function latestLabelMove(
  db: ReadDb,
  { org_id, workspace_id, label }: Pick<TemplateLabel, 'org_id' | 'workspace_id' | 'label'>,
): TemplateLabel | undefined {
  return db
    .prepare<[string, string, string], TemplateLabel>(
      `SELECT ${COLUMNS} FROM template_labels m WHERE label = ? AND workspace_id = ? AND org_id = ?
       ORDER BY seq DESC LIMIT 1`,
    )
    .get(label, workspace_id, org_id);
}

/** The condition that no later row moved the label of `m` elsewhere. */
export const IS_NEWEST_MOVE = `m.seq = (SELECT max(n.seq) FROM template_labels n
  WHERE n.label = m.label AND n.workspace_id = m.workspace_id AND n.org_id = m.org_id)`;

/** The labels that point to these templates now, by template, each list sorted. */
export function labelsOf(db: ReadDb, templateIds: readonly string[]): ReadonlyMap<string, string[]> {
  const rows = db
    .prepare<[string], { template_id: string; label: string }>(
      `SELECT m.template_id, m.label FROM template_labels m
       WHERE m.template_id IN (SELECT value FROM json_each(?)) AND ${IS_NEWEST_MOVE}`,
    )
    .all(JSON.stringify(templateIds));
  return new Map(
    [...Map.groupBy(rows, (row) => row.template_id)].map(([id, found]) => [
      id,
      found.map(({ label }) => label).toSorted(),
    ]),
  );
}

/** The labels that point to this template now, each with when and by whom it was moved here. */
export function listLabels(db: ReadDb, templateId: string): TemplateLabel[] {
  return db
    .prepare<[string], TemplateLabel>(
      `SELECT ${COLUMNS} FROM template_labels m WHERE m.template_id = ? AND ${IS_NEWEST_MOVE} ORDER BY m.label`,
    )
    .all(templateId);
}
