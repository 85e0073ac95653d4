import type { TemplatePin } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { templatePins } from './tables';

const PIN = storedColumns(templatePins, namesOf(templatePins, 'seq'), 'pin_id');
const NEWEST_FIRST = `SELECT ${PIN.list} FROM template_pins WHERE template_id = ? ORDER BY seq DESC`;

export function insertPin(tx: WriteDb, pin: TemplatePin): void {
  tx.prepare(PIN.insert).run(...PIN.encode(pin));
  appendStored(tx, 'pin', pin.pin_id);
  tx.changed('versions', pin.pin_id);
  tx.changed('templates', pin.template_id);
}

/** The latest pin or unpin. */
export function latestPin(db: ReadDb, templateId: string): TemplatePin | undefined {
  const row = db.prepare<[string], StoredRow>(`${NEWEST_FIRST} LIMIT 1`).get(templateId);
  return row && PIN.decode(row);
}

/** The version that runs of template `t` are held to now: its own constraint outranks any pin or unpin. */
export const PIN_IN_FORCE = `coalesce(t.model_version_constraint, (SELECT p.provider_version_key FROM template_pins p
  WHERE p.template_id = t.template_id ORDER BY p.seq DESC LIMIT 1))`;

/** All pins and unpins, newest first. */
export function listPins(db: ReadDb, templateId: string): TemplatePin[] {
  return db.prepare<[string], StoredRow>(NEWEST_FIRST).all(templateId).map(PIN.decode);
}
