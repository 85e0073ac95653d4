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

/** The move that says where a prompt's label points now; undefined where it points nowhere. */
export function labelInForce(
  db: ReadDb,
  {
    prompt_id,
    org_id,
    workspace_id,
    label,
  }: Omit<TemplateLabel, 'move_id' | 'template_id' | 'moved_at' | 'moved_by'>,
): TemplateLabel | undefined {
  const own = db
    .prepare<[string | null, string], StoredRow>(
      `SELECT ${MOVE.list} FROM template_labels WHERE prompt_id = ? AND label = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(prompt_id, label);
  const row =
    own ??
    db
      .prepare<[string, string, string, string | null], StoredRow>(
        `SELECT ${MOVE.list} FROM template_labels JOIN templates t ON t.template_id = template_labels.template_id
         WHERE template_labels.seq = (SELECT max(n.seq) FROM template_labels n
             WHERE n.label = ? AND n.workspace_id = ? AND n.org_id = ? AND n.prompt_id IS NULL) AND t.prompt_id = ?`,
      )
      .get(label, workspace_id, org_id, prompt_id);
  const move = row && MOVE.decode(row);
  return move?.template_id === null ? undefined : move;
}

/**
 * Holds for the move that says where a prompt's label points now; `move` is its table's name in the query. A move from
 * before labels belonged to prompts counts while it is the newest of its workspace from that time, and the label has not
 * moved since in the prompt that it points to.
 */
export const isInForce = (move: string): string => `(CASE WHEN ${move}.prompt_id IS NOT NULL
  THEN ${move}.seq = (SELECT max(n.seq) FROM template_labels n
    WHERE n.prompt_id = ${move}.prompt_id AND n.label = ${move}.label)
  ELSE ${move}.seq = (SELECT max(n.seq) FROM template_labels n
      WHERE n.label = ${move}.label AND n.workspace_id = ${move}.workspace_id AND n.org_id = ${move}.org_id
        AND n.prompt_id IS NULL)
    AND NOT EXISTS (SELECT 1 FROM template_labels n
      WHERE n.label = ${move}.label AND n.prompt_id =
        (SELECT owner.prompt_id FROM templates owner WHERE owner.template_id = ${move}.template_id)) END)`;

/** The labels that point to these templates now: sorted, by template. */
export function labelsOf(db: ReadDb, templateIds: readonly string[]): ReadonlyMap<string, string[]> {
  const rows = db
    .prepare<[string], { template_id: string; label: string }>(
      `SELECT m.template_id, m.label FROM template_labels m
       WHERE m.template_id IN (SELECT value FROM json_each(?)) AND ${isInForce('m')}`,
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
       WHERE template_id = ? AND ${isInForce('template_labels')} ORDER BY label`,
    )
    .all(templateId)
    .map(MOVE.decode);
}
