import type { DriftEvent, GradedVersion } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import { decodeCursor, pageOf } from '../engine/cursor';
import type { ReadDb, WriteDb } from '../engine/db';
import {
  namesOf,
  storedColumns,
  writtenColumns,
  type ListedRow,
  type StoredRow,
} from '../engine/stored-rows';
import { driftEvents, versionSightings } from './tables';

/** A template and a model on a connection. A different version on another server is not drift. */
export interface Sighting {
  readonly template_id: string;
  readonly connection_id: string;
  readonly model_id: string;
}

const SEEN = ['provider_version_key', 'evidence_grade', 'evidence', 'run_id', 'seen_at'] as const;
const WRITTEN = writtenColumns(versionSightings, namesOf(versionSightings));
/** In stored form: the last sighting is copied into a drift event and decoded there. */
export type StoredSighting = Readonly<Record<(typeof SEEN)[number], string>>;

/** The version that the template last saw there. Queried on every answered run. */
export function lastSighting(db: ReadDb, at: Sighting): StoredSighting | undefined {
  return db
    .prepare<[string, string, string], StoredSighting>(
      `SELECT ${SEEN.join(', ')} FROM version_sightings
       WHERE template_id = ? AND connection_id = ? AND model_id = ?`,
    )
    .get(at.template_id, at.connection_id, at.model_id);
}

export function putSighting(
  tx: WriteDb,
  { template_id, connection_id, model_id }: Sighting,
  { version, ...seen }: { version: GradedVersion; run_id: string; seen_at: string },
): void {
  tx.prepare(
    `${WRITTEN.insert} ON CONFLICT (template_id, connection_id, model_id) DO UPDATE SET ${WRITTEN.excluded}`,
  ).run(...WRITTEN.encode({ template_id, connection_id, model_id, ...version, ...seen }));
}

const DRIFT = storedColumns(driftEvents, namesOf(driftEvents, 'seq'), 'drift_id');
const DRIFT_NAMES = namesOf(driftEvents, 'seq');
/** Without the `before_…` columns, which are copied in stored form. */
const WITHOUT_BEFORE = writtenColumns(
  driftEvents,
  namesOf(
    driftEvents,
    'seq',
    'before_provider_version_key',
    'before_evidence_grade',
    'before_evidence',
    'before_run_id',
  ),
);

export function insertDriftEvent(
  tx: WriteDb,
  { after, ...drift }: Omit<DriftEvent, 'before'>,
  before: Omit<StoredSighting, 'seen_at'>,
): void {
  const row: StoredRow = {
    ...WITHOUT_BEFORE.values({
      ...drift,
      after_provider_version_key: after.provider_version_key,
      after_evidence_grade: after.evidence_grade,
      after_evidence: after.evidence,
      after_run_id: after.run_id,
    }),
    before_provider_version_key: before.provider_version_key,
    before_evidence_grade: before.evidence_grade,
    before_evidence: before.evidence,
    before_run_id: before.run_id,
  };
  tx.prepare(DRIFT.insert).run(...DRIFT_NAMES.map((name) => row[name]));
  appendStored(tx, 'drift', drift.drift_id);
  tx.changed('versions', drift.drift_id);
}

const SELECT = `SELECT seq, ${DRIFT.list} FROM drift_events`;

export function getDriftEvent(db: ReadDb, driftId: string): DriftEvent | undefined {
  const row = db.prepare<[string], ListedRow>(`${SELECT} WHERE drift_id = ?`).get(driftId);
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
          .prepare<[number, number], ListedRow>(`${SELECT} WHERE seq < ? ORDER BY seq DESC LIMIT ?`)
          .all(before, limit)
      : db
          .prepare<[string, number, number], ListedRow>(
            `${SELECT} WHERE template_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
          )
          .all(filter.template_id, before, limit);
  return pageOf(rows, page.limit, driftOf);
}

function driftOf(stored: ListedRow): DriftEvent {
  const {
    before_provider_version_key,
    before_evidence_grade,
    before_evidence,
    before_run_id,
    after_provider_version_key,
    after_evidence_grade,
    after_evidence,
    after_run_id,
    ...drift
  } = DRIFT.decode(stored);
  return {
    ...drift,
    before: {
      provider_version_key: before_provider_version_key,
      evidence_grade: before_evidence_grade,
      evidence: before_evidence,
      run_id: before_run_id,
    },
    after: {
      provider_version_key: after_provider_version_key,
      evidence_grade: after_evidence_grade,
      evidence: after_evidence,
      run_id: after_run_id,
    },
  };
}
