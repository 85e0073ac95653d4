import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { evidenceGradeSchema, versionEvidenceSchema } from '../../../src-shared/domain';
import { json, word } from '../engine/columns';

export const promptVersions = sqliteTable('prompt_versions', {
  seq: integer().primaryKey(),
  version_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider: text().notNull(),
  model_id: text().notNull(),
  provider_version_key: text().notNull(),
  evidence_grade: word(evidenceGradeSchema).notNull(),
  evidence: json(versionEvidenceSchema).notNull(),
  first_seen_at: text().notNull(),
  last_seen_at: text().notNull(),
});

export const providerVersionCache = sqliteTable(
  'provider_version_cache',
  {
    connection_id: text().notNull(),
    model_id: text().notNull(),
    provider: text().notNull(),
    run_id: text().notNull(),
    template_id: text().notNull(),
    provider_version_key: text().notNull(),
    evidence_grade: word(evidenceGradeSchema).notNull(),
    evidence: json(versionEvidenceSchema).notNull(),
    etag: text().notNull(),
    observed_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.connection_id, table.model_id] })],
);

export const versionSightings = sqliteTable(
  'version_sightings',
  {
    template_id: text().notNull(),
    connection_id: text().notNull(),
    model_id: text().notNull(),
    provider_version_key: text().notNull(),
    evidence_grade: word(evidenceGradeSchema).notNull(),
    evidence: json(versionEvidenceSchema).notNull(),
    run_id: text().notNull(),
    seen_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.template_id, table.connection_id, table.model_id] })],
);

export const driftEvents = sqliteTable('drift_events', {
  seq: integer().primaryKey(),
  drift_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider: text().notNull(),
  connection_id: text().notNull(),
  model_id: text().notNull(),
  before_provider_version_key: text().notNull(),
  before_evidence_grade: word(evidenceGradeSchema).notNull(),
  before_evidence: json(versionEvidenceSchema).notNull(),
  before_run_id: text().notNull(),
  after_provider_version_key: text().notNull(),
  after_evidence_grade: word(evidenceGradeSchema).notNull(),
  after_evidence: json(versionEvidenceSchema).notNull(),
  after_run_id: text().notNull(),
  seen_at: text().notNull(),
});
