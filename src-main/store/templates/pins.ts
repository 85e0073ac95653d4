import type { PinChange, TemplatePin } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { templatePins } from './tables';

const PIN = storedColumns(templatePins, namesOf(templatePins, 'seq'), 'pin_id');

export function insertPin(tx: WriteDb, pin: TemplatePin): void {
  tx.prepare(PIN.insert).run(...PIN.encode(pin));
  appendStored(tx, 'pin', pin.pin_id);
  tx.changed('versions', pin.pin_id);
  tx.changed('templates', pin.template_id);
}

type ChangeRow = Omit<PinChange, 'isFromBefore'> & { seq: number; template_id: string; from_before: number };

/** The pins and unpins of each of these templates, newest first, each with the model that it is about. */
export function pinChanges(db: ReadDb, templateIds: readonly string[]): ReadonlyMap<string, PinChange[]> {
  const rows = db
    .prepare<[string], ChangeRow>(
      `SELECT p.seq, p.template_id, p.provider, p.provider_version_key, p.model_id IS NULL AS from_before,
         coalesce(p.model_id,
           (SELECT v.model_id FROM prompt_versions v
            WHERE v.org_id = p.org_id AND v.workspace_id = p.workspace_id AND v.template_id = p.template_id
              AND v.provider_version_key = p.provider_version_key),
           t.model_id) AS model_id
       FROM template_pins p JOIN templates t ON t.template_id = p.template_id
       WHERE p.template_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(templateIds))
    .toSorted((a, b) => b.seq - a.seq);
  const changes = new Map<string, PinChange[]>();
  for (const { seq: _, template_id, from_before, ...change } of rows) {
    const known = changes.get(template_id) ?? [];
    known.push({ ...change, isFromBefore: from_before === 1 });
    changes.set(template_id, known);
  }
  return changes;
}

/** All pins and unpins, newest first. */
export function listPins(db: ReadDb, templateId: string): TemplatePin[] {
  return db
    .prepare<[string], StoredRow>(
      `SELECT ${PIN.list} FROM template_pins WHERE template_id = ? ORDER BY seq DESC`,
    )
    .all(templateId)
    .map(PIN.decode);
}
