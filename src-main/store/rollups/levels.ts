import type { InferSelectModel } from 'drizzle-orm';
import type { ReadDb, WriteDb } from '../engine/db';
import { addEncodedSparse } from './latency-histogram';
import {
  ADD_SUMS,
  addChange,
  COUNTER_COLUMNS,
  COUNTER_PLACES,
  mergedLatency,
  noChange,
  type SumsChange,
} from './changes';
import { COUNTERS } from './run-contribution';
import type { rollupSeries } from './tables';
import { spansOfHour, SPANS } from './spans';

/** What the runs of a series share; `batch_id` is empty for single runs. */
export type SeriesOf = Readonly<Omit<InferSelectModel<typeof rollupSeries>, 'series_id'>>;

/** What sums are grouped by. */
export type SubjectKind = 'all' | 'template' | 'model' | 'connection' | 'batch';

export interface HourChange extends SumsChange {
  readonly of: SeriesOf;
  readonly hour: number;
}

/** Hours before this one are in the sums by subject; later ones are only in `run_hourly`. */
export function foldedUntil(db: ReadDb): number {
  return db.prepare<[], { hour: number }>(`SELECT hour FROM rollup_folded`).get()?.hour ?? 0;
}

/**
 * Updates the sums by subject with changed hours that are already in `run_hourly`. Changes to folded hours are added. A
 * change in a new latest hour means that the hours before it are over, so they are folded.
 */
export function foldHours(tx: WriteDb, changes: readonly HourChange[]): void {
  if (changes.length === 0) return;
  const folded = foldedUntil(tx);
  const latest = changes.reduce((most, { hour }) => Math.max(most, hour), folded);
  const late = changes.filter(({ hour }) => hour < folded);
  addToSubjects(tx, latest > folded ? [...late, ...hoursBetween(tx, folded, latest)] : late);
  if (latest > folded) tx.prepare(`UPDATE rollup_folded SET hour = ?`).run(latest);
}

type HourRow = SeriesOf & { hour: number; cost_text: string; latency: Uint8Array } & {
  [Name in (typeof COUNTERS)[number]]: number;
};

function hoursBetween(tx: WriteDb, from: number, to: number): HourChange[] {
  return tx
    .prepare<[number, number], HourRow>(
      `SELECT org_id, workspace_id, template_id, provider, connection_id, model_id, batch_id, simulated, hour,
         CAST(cost_picodollars AS TEXT) AS cost_text, latency, ${COUNTER_COLUMNS}
       FROM run_hourly JOIN rollup_series USING (series_id) WHERE hour >= ? AND hour < ?`,
    )
    .all(from, to)
    .map((row) => {
      const change = { ...noChange(), of: row, hour: row.hour };
      COUNTERS.forEach((name, index) => {
        change.counters[index] = row[name];
      });
      change.cost = BigInt(row.cost_text);
      addEncodedSparse(change.latency, row.latency);
      return change;
    });
}

interface SubjectChange extends SumsChange {
  readonly subject: Subject;
  readonly span: number;
  readonly start: number;
}
interface Subject {
  readonly kind: SubjectKind;
  readonly key: string;
  readonly provider: string;
  readonly of: SeriesOf;
}

function subjectsOf(of: SeriesOf): Subject[] {
  const subject = (kind: SubjectKind, key: string, provider = ''): Subject => ({ kind, key, provider, of });
  return [
    subject('all', ''),
    subject('template', of.template_id),
    subject('model', of.model_id, of.provider),
    subject('connection', of.connection_id),
    ...(of.batch_id === '' ? [] : [subject('batch', of.batch_id)]),
  ];
}

function addToSubjects(tx: WriteDb, changes: readonly HourChange[]): void {
  const sums = new Map<string, SubjectChange>();
  for (const change of changes) {
    const spans = spansOfHour(change.hour);
    for (const subject of subjectsOf(change.of)) {
      const name = `${subject.kind}\n${subject.key}\n${subject.provider}\n${change.of.workspace_id}\n${change.of.org_id}\n${change.of.simulated}`;
      for (const span of SPANS) {
        const start = spans[span];
        const id = `${span}\n${start}\n${name}`;
        let sum = sums.get(id);
        if (!sum) sums.set(id, (sum = { ...noChange(), subject, span, start }));
        addChange(sum, change);
      }
    }
  }
  for (const change of sums.values()) write(tx, change);
}

const UPSERT_SUMS = `INSERT INTO rollup_sums (subject_id, span, start, cost_picodollars, ${COUNTER_COLUMNS})
  VALUES (?, ?, ?, ?, ${COUNTER_PLACES}) ON CONFLICT DO UPDATE SET ${ADD_SUMS}`;
const FIND_LATENCY = `SELECT latency FROM rollup_latencies WHERE subject_id = ? AND span = ? AND start = ?`;
const UPSERT_LATENCY = `INSERT INTO rollup_latencies (subject_id, span, start, latency) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET latency = excluded.latency`;

function write(tx: WriteDb, { subject, span, start, counters, cost, latency }: SubjectChange): void {
  const id = internSubject(tx, subject);
  tx.prepare(UPSERT_SUMS).run(id, span, start, cost, ...counters);
  if (latency.size === 0) return;
  const key = [id, span, start];
  tx.prepare(UPSERT_LATENCY).run(...key, mergedLatency(tx, FIND_LATENCY, key, latency));
}

function internSubject(tx: WriteDb, { kind, key, provider, of }: Subject): number {
  const values = [kind, of.simulated, key, provider, of.workspace_id, of.org_id];
  const known = tx
    .prepare<unknown[], { id: number }>(
      `SELECT subject_id AS id FROM rollup_subjects WHERE kind = ? AND simulated = ? AND key = ? AND provider = ?
         AND workspace_id = ? AND org_id = ?`,
    )
    .get(...values);
  if (known) return known.id;
  return Number(
    tx
      .prepare(
        `INSERT INTO rollup_subjects (kind, simulated, key, provider, workspace_id, org_id) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(...values).lastInsertRowid,
  );
}
