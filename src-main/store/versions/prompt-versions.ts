import { and, desc, eq } from 'drizzle-orm';
import {
  evidenceGradeSchema,
  versionEvidenceSchema,
  type GradedVersion,
  type PromptVersion,
} from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { readColumn, readJsonColumn } from '../engine/column-values';
import { promptVersions } from '../tables';

type VersionRow = typeof promptVersions.$inferSelect;

/** A version that answered for a template at `seen_at`. `version_id` is used where it was never seen before. */
export interface SeenVersion extends GradedVersion {
  readonly version_id: string;
  readonly org_id: string;
  readonly workspace_id: string;
  readonly template_id: string;
  readonly provider: string;
  readonly model_id: string;
  readonly seen_at: string;
}

/**
 * Records that a version answered. What was known when it was first seen stays; only `last_seen_at` moves, and never
 * back. One row per template and `provider_version_key`. Every answered run comes through here, hence the plain SQL.
 */
export function upsertSeenVersion(tx: WriteDb, seen: SeenVersion): { row: PromptVersion; created: boolean } {
  const known = tx
    .prepare<[string, string, string, string], VersionRow>(
      `SELECT * FROM prompt_versions
       WHERE org_id = ? AND workspace_id = ? AND template_id = ? AND provider_version_key = ?`,
    )
    .get(seen.org_id, seen.workspace_id, seen.template_id, seen.provider_version_key);
  if (!known) {
    const { seen_at, ...version } = seen;
    const row: PromptVersion = { ...version, first_seen_at: seen_at, last_seen_at: seen_at };
    tx.orm
      .insert(promptVersions)
      .values({ ...row, evidence: JSON.stringify(row.evidence) })
      .run();
    appendStored(tx, 'version', row.version_id);
    tx.changed('versions', row.version_id);
    return { row, created: true };
  }
  if (seen.seen_at <= known.last_seen_at) return { row: versionOf(known), created: false };
  tx.prepare<[string, string], never>(`UPDATE prompt_versions SET last_seen_at = ? WHERE version_id = ?`).run(
    seen.seen_at,
    known.version_id,
  );
  return { row: versionOf({ ...known, last_seen_at: seen.seen_at }), created: false };
}

/** The version of this model that answered last for the template. */
export function latestVersion(
  db: ReadDb,
  ref: { readonly template_id: string; readonly provider: string; readonly model_id: string },
): PromptVersion | undefined {
  const row = db.orm
    .select()
    .from(promptVersions)
    .where(
      and(
        eq(promptVersions.template_id, ref.template_id),
        eq(promptVersions.provider, ref.provider),
        eq(promptVersions.model_id, ref.model_id),
      ),
    )
    .orderBy(desc(promptVersions.last_seen_at), desc(promptVersions.seq))
    .limit(1)
    .get();
  return row && versionOf(row);
}

/** All versions seen with the template, last seen first. */
export function listVersions(db: ReadDb, templateId: string): PromptVersion[] {
  return db.orm
    .select()
    .from(promptVersions)
    .where(eq(promptVersions.template_id, templateId))
    .orderBy(desc(promptVersions.last_seen_at), desc(promptVersions.seq))
    .all()
    .map(versionOf);
}

function versionOf({ seq: _, ...row }: VersionRow): PromptVersion {
  const where = (column: string): string => `prompt_versions.${column} of ${row.version_id}`;
  return {
    ...row,
    evidence_grade: readColumn(evidenceGradeSchema, row.evidence_grade, where('evidence_grade')),
    evidence: readJsonColumn(versionEvidenceSchema, row.evidence, where('evidence')),
  };
}

/**
 * When a version last answered for a template, or null where it never did. Prepared, for the commit of every run: the
 * row is rewritten only where this says that it is old.
 */
export function versionLastSeenAt(
  db: ReadDb,
  key: Pick<PromptVersion, 'org_id' | 'workspace_id' | 'template_id' | 'provider_version_key'>,
): string | null {
  const row = db
    .prepare<[string, string, string, string], { last_seen_at: string }>(
      `SELECT last_seen_at FROM prompt_versions
       WHERE org_id = ? AND workspace_id = ? AND template_id = ? AND provider_version_key = ?`,
    )
    .get(key.org_id, key.workspace_id, key.template_id, key.provider_version_key);
  return row?.last_seen_at ?? null;
}

/** The version of a template with this key. */
export function findVersion(
  db: ReadDb,
  key: Pick<PromptVersion, 'org_id' | 'workspace_id' | 'template_id' | 'provider_version_key'>,
): PromptVersion | undefined {
  const row = db.orm
    .select()
    .from(promptVersions)
    .where(
      and(
        eq(promptVersions.org_id, key.org_id),
        eq(promptVersions.workspace_id, key.workspace_id),
        eq(promptVersions.template_id, key.template_id),
        eq(promptVersions.provider_version_key, key.provider_version_key),
      ),
    )
    .get();
  return row && versionOf(row);
}
