import {
  evidenceGradeSchema,
  versionEvidenceSchema,
  type DriftEvent,
  type GradedVersion,
} from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import { decodeCursor, pageOf } from '../engine/cursor';
import type { ReadDb, WriteDb } from '../engine/db';
import { readColumn, readJsonColumn } from '../engine/column-values';

/** Where a template meets a model. Another server may well answer as another version: that is no drift. */
export interface Sighting {
  readonly template_id: string;
  readonly connection_id: string;
  readonly model_id: string;
}

interface SightingRow {
  provider_version_key: string;
  evidence_grade: string;
  evidence: string;
  run_id: string;
  seen_at: string;
}

/** The version that a template saw last there. Its evidence stays text: most of the time nobody reads it. */
export function lastSighting(db: ReadDb, at: Sighting): SightingRow | undefined {
  return db
    .prepare<[string, string, string], SightingRow>(
      `SELECT provider_version_key, evidence_grade, evidence, run_id, seen_at FROM version_sightings
       WHERE template_id = ? AND connection_id = ? AND model_id = ?`,
    )
    .get(at.template_id, at.connection_id, at.model_id);
}

export function putSighting(
  tx: WriteDb,
  at: Sighting,
  seen: { version: GradedVersion; run_id: string; seen_at: string },
): void {
  tx.prepare(
    `INSERT INTO version_sightings (template_id, connection_id, model_id, provider_version_key, evidence_grade, evidence,
       run_id, seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (template_id, connection_id, model_id) DO UPDATE SET
       provider_version_key = excluded.provider_version_key, evidence_grade = excluded.evidence_grade,
       evidence = excluded.evidence, run_id = excluded.run_id, seen_at = excluded.seen_at`,
  ).run(
    at.template_id,
    at.connection_id,
    at.model_id,
    seen.version.provider_version_key,
    seen.version.evidence_grade,
    JSON.stringify(seen.version.evidence),
    seen.run_id,
    seen.seen_at,
  );
}

export function insertDriftEvent(
  tx: WriteDb,
  drift: Omit<DriftEvent, 'before'>,
  before: Omit<SightingRow, 'seen_at'>,
): void {
  tx.prepare(
    `INSERT INTO drift_events (drift_id, org_id, workspace_id, template_id, provider, connection_id, model_id,
       before_provider_version_key, before_evidence_grade, before_evidence, before_run_id,
       after_provider_version_key, after_evidence_grade, after_evidence, after_run_id, seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    drift.drift_id,
    drift.org_id,
    drift.workspace_id,
    drift.template_id,
    drift.provider,
    drift.connection_id,
    drift.model_id,
    before.provider_version_key,
    before.evidence_grade,
    before.evidence,
    before.run_id,
    drift.after.provider_version_key,
    drift.after.evidence_grade,
    JSON.stringify(drift.after.evidence),
    drift.after.run_id,
    drift.seen_at,
  );
  appendStored(tx, 'drift', drift.drift_id);
  tx.changed('versions', drift.drift_id);
}

type DriftRow = Omit<DriftEvent, 'before' | 'after'> & { seq: number } & Record<
    `${'before' | 'after'}_${'provider_version_key' | 'evidence_grade' | 'evidence' | 'run_id'}`,
    string
  >;

export function getDriftEvent(db: ReadDb, driftId: string): DriftEvent | undefined {
  const row = db.prepare<[string], DriftRow>(`SELECT * FROM drift_events WHERE drift_id = ?`).get(driftId);
  return row && driftOf(row);
}

/** Drift, newest first. */
export function listDriftEvents(
  db: ReadDb,
  filter: { template_id?: string | undefined },
  page: { cursor?: string | undefined; limit: number },
): { items: DriftEvent[]; next_cursor: string | null } {
  const before = decodeCursor(page.cursor);
  const limit = page.limit + 1;
  const rows =
    filter.template_id === undefined
      ? db
          .prepare<[number, number], DriftRow>(
            `SELECT * FROM drift_events WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
          )
          .all(before, limit)
      : db
          .prepare<[string, number, number], DriftRow>(
            `SELECT * FROM drift_events WHERE template_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
          )
          .all(filter.template_id, before, limit);
  return pageOf(rows, page.limit, driftOf);
}

function driftOf(row: DriftRow): DriftEvent {
  const side = (name: 'before' | 'after'): DriftEvent['before'] => ({
    provider_version_key: row[`${name}_provider_version_key`],
    evidence_grade: readColumn(
      evidenceGradeSchema,
      row[`${name}_evidence_grade`],
      `drift_events.${name}_evidence_grade of ${row.drift_id}`,
    ),
    evidence: readJsonColumn(
      versionEvidenceSchema,
      row[`${name}_evidence`],
      `drift_events.${name}_evidence of ${row.drift_id}`,
    ),
    run_id: row[`${name}_run_id`],
  });
  const { drift_id, org_id, workspace_id, template_id, provider, connection_id, model_id, seen_at } = row;
  return {
    drift_id,
    org_id,
    workspace_id,
    template_id,
    provider,
    connection_id,
    model_id,
    before: side('before'),
    after: side('after'),
    seen_at,
  };
}
