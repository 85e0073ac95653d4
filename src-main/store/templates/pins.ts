import type { TemplatePin } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';

export function insertPin(tx: WriteDb, pin: TemplatePin): void {
  tx.prepare(
    `INSERT INTO template_pins (pin_id, org_id, workspace_id, template_id, provider_version_key, note, pinned_at,
       pinned_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    pin.pin_id,
    pin.org_id,
    pin.workspace_id,
    pin.template_id,
    pin.provider_version_key,
    pin.note,
    pin.pinned_at,
    pin.pinned_by,
  );
  appendStored(tx, 'pin', pin.pin_id);
  tx.changed('versions', pin.pin_id);
  tx.changed('templates', pin.template_id);
}

const COLUMNS = `pin_id, org_id, workspace_id, template_id, provider_version_key, note, pinned_at, pinned_by`;

/** The pin, or the unpinning, that counts now. */
export function latestPin(db: ReadDb, templateId: string): TemplatePin | undefined {
  return db
    .prepare<[string], TemplatePin>(
      `SELECT ${COLUMNS} FROM template_pins WHERE template_id = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(templateId);
}

/** The version that runs of template `t` are held to now: its own constraint holds whatever was pinned or unpinned. */
export const PIN_IN_FORCE = `coalesce(t.model_version_constraint, (SELECT p.provider_version_key FROM template_pins p
  WHERE p.template_id = t.template_id ORDER BY p.seq DESC LIMIT 1))`;

/** Everything that was pinned and unpinned, newest first. */
export function listPins(db: ReadDb, templateId: string): TemplatePin[] {
  return db
    .prepare<[string], TemplatePin>(
      `SELECT ${COLUMNS} FROM template_pins WHERE template_id = ? ORDER BY seq DESC`,
    )
    .all(templateId);
}
