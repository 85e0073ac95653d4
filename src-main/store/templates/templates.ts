import { and, eq, isNull } from 'drizzle-orm';
import {
  messagesOfTexts,
  notFound,
  pinFor,
  pinsInForce,
  type Template,
  type TemplateSummary,
} from '../../../src-shared/domain';
import { sealedContent, sealOf, templateBody } from '../audit-log/content';
import { appendLeaf, appendStored } from '../audit-log/leaves';
import { decodeCursor, pageOf } from '../engine/cursor';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { isInForce, labelsOf } from './labels';
import { promptNameOf } from './names';
import { pinChanges } from './pins';
import { ftsQueryOf } from './search';
import { templates } from './tables';

const NAMES = namesOf(templates, 'seq');
const TEMPLATE = storedColumns(templates, NAMES, 'template_id');
const SELECT = `SELECT ${TEMPLATE.list} FROM templates`;

/** A template before it has its place in a prompt. */
export type UnplacedTemplate = Omit<Template, 'prompt_id' | 'version_number'> & { readonly fork: boolean };

/**
 * Stores the template under its HMAC, as the next version of its parent's prompt or as the first of its own.
 * @returns it as stored
 * @throws a unique violation of `templates.config_sha256` if an active template has the same configuration
 */
export function insertTemplate(tx: WriteDb, unplaced: UnplacedTemplate): Template {
  const { fork, ...given } = unplaced;
  const template = { ...given, ...placeOf(tx, unplaced) };
  const columns = columnsOf(template, fork);
  const body = templateBody(TEMPLATE.values(columns));
  const seal = sealOf(body, tx.audit.recordKey());
  const sealed = { ...template, ...seal };
  tx.prepare(TEMPLATE.insert).run(...TEMPLATE.encode({ ...columns, ...seal }));
  appendLeaf(tx, {
    type: 'template',
    id: template.template_id,
    content: sealedContent(body, seal),
    actor: template.created_by,
  });
  tx.changed('templates', template.template_id);
  return sealed;
}

/** Where a new template belongs. The database checks it again (trigger `templates_place_guard`). */
function placeOf(tx: WriteDb, template: UnplacedTemplate): Pick<Template, 'prompt_id' | 'version_number'> {
  const prompt_id = tx
    .prepare<[string | null, string], string>(
      `SELECT prompt_id FROM templates WHERE template_id = ? AND workspace_id = ?`,
    )
    .pluck()
    .get(template.fork ? null : template.parent_template_id, template.workspace_id);
  if (prompt_id === undefined) {
    return { prompt_id: template.template_id, version_number: template.trial ? null : 1 };
  }
  const newest = tx
    .prepare<[string], number | null>(
      `SELECT max(version_number) FROM templates WHERE prompt_id = ? AND version_number IS NOT NULL`,
    )
    .pluck()
    .get(prompt_id);
  return { prompt_id, version_number: template.trial ? null : (newest ?? 0) + 1 };
}

type TemplateColumns = ReturnType<typeof TEMPLATE.decode>;

/** A conversation that the two texts say, and what is empty, is stored as null: as in rows from before there was more. */
function columnsOf(template: Template, fork: boolean): TemplateColumns {
  const { messages, tools, includes, tags, ...columns } = template;
  const hasTexts = template.system_instructions !== '' || template.user_prompt_template !== '';
  return {
    ...columns,
    fork,
    messages: hasTexts ? null : messages,
    tools: orNull(tools),
    includes: orNull(includes),
    tags: orNull(tags),
  };
}

function orNull<T>(items: T[]): T[] | null {
  return items.length === 0 ? null : items;
}

function templateOf({ fork: _, messages, tools, includes, tags, ...columns }: TemplateColumns): Template {
  return {
    ...columns,
    messages: messages ?? messagesOfTexts(columns),
    tools: tools ?? [],
    includes: includes ?? [],
    tags: tags ?? [],
  };
}

function decoded(row: StoredRow | undefined): Template | undefined {
  return row && templateOf(TEMPLATE.decode(row));
}

export function getTemplate(db: ReadDb, templateId: string): Template | undefined {
  return decoded(db.prepare<[string], StoredRow>(`${SELECT} WHERE template_id = ?`).get(templateId));
}

/** @throws NOT_FOUND */
export function requireTemplate(db: ReadDb, templateId: string): Template {
  const template = getTemplate(db, templateId);
  if (template === undefined) throw notFound('template', templateId);
  return template;
}

type ConfigKey = Pick<Template, 'org_id' | 'workspace_id' | 'config_sha256'>;

/** The active version with this configuration; a workspace has at most one. */
export function findActiveTemplateByConfig(db: ReadDb, key: ConfigKey): Template | undefined {
  return withConfig(db, key, 'trial = 0')[0];
}

/** All that is stored with this configuration and not archived: the version, and the trials of the prompts that tried it. */
export function findByConfig(db: ReadDb, key: ConfigKey): Template[] {
  return [...withConfig(db, key, 'trial = 0'), ...withConfig(db, key, 'trial = 1')];
}

function withConfig(db: ReadDb, key: ConfigKey, condition: string): Template[] {
  return db
    .prepare<[string, string, string], StoredRow>(
      `${SELECT} WHERE org_id = ? AND workspace_id = ? AND config_sha256 = ? AND deleted_at IS NULL AND ${condition}`,
    )
    .all(key.org_id, key.workspace_id, key.config_sha256)
    .map((row) => templateOf(TEMPLATE.decode(row)));
}

/** Sets `deleted_at` of an active template. @returns whether it was active */
export function archiveTemplate(tx: WriteDb, templateId: string, now: string): boolean {
  const { changes } = tx.orm
    .update(templates)
    .set({ deleted_at: now })
    .where(and(eq(templates.template_id, templateId), isNull(templates.deleted_at)))
    .run();
  if (changes > 0) {
    appendStored(tx, 'template_archived', templateId);
    tx.changed('templates', templateId);
  }
  return changes > 0;
}

export interface TemplateFilter {
  readonly workspace_id?: string;
  /** Words that occur in the prompt's name and in texts; the last may be unfinished. */
  readonly q?: string;
  /** A version label, or a label that points to the template now. */
  readonly label?: string;
  readonly include_archived: boolean;
}

export const SUMMARY_COLUMNS = `t.seq, t.template_id, t.prompt_id, t.version_number, t.workspace_id, t.name, t.description,
  t.provider, t.model_id, t.version_label, t.parent_template_id, t.config_sha256, t.message, t.created_at, t.created_by,
  t.deleted_at, t.model_version_constraint`;
const SUMMARY = `${SUMMARY_COLUMNS}, ${promptNameOf('t')} AS prompt_name`;

export type PointedAt = 'labels' | 'pinned_version_key' | 'pins';
type PinnableRow = Pick<Template, 'template_id' | 'provider' | 'model_id' | 'model_version_constraint'>;
type SummaryRow = Omit<TemplateSummary, PointedAt> & PinnableRow & { readonly seq: number };

/**
 * Newest first, with keyset paging: a late page costs no more than the first. @throws VALIDATION_FAILED for a bad
 * cursor
 */
export function listTemplates(
  db: ReadDb,
  filter: TemplateFilter,
  page: { readonly cursor?: string; readonly limit: number },
): { items: TemplateSummary[]; next_cursor: string | null } {
  const query = selection(filter);
  if (query === null) return { items: [], next_cursor: null };
  const rows = db
    .prepare<unknown[], SummaryRow>(
      `SELECT ${SUMMARY} FROM ${query.from} WHERE ${[`${query.seq} < ?`, ...query.where].join(' AND ')}
       ORDER BY ${query.seq} DESC LIMIT ?`,
    )
    .all(decodeCursor(page.cursor), ...query.params, page.limit + 1);
  const complete = withPointers(db, rows);
  return pageOf(complete, page.limit, ({ seq: _, ...summary }) => summary);
}

export function countTemplates(db: ReadDb, filter: TemplateFilter): number {
  const query = selection(filter);
  if (query === null) return 0;
  const row = db
    .prepare<unknown[], { n: number }>(
      `SELECT count(*) AS n FROM ${query.countedFrom} WHERE ${[`${query.seq} > 0`, ...query.where].join(' AND ')}`,
    )
    .get(...query.params);
  return row?.n ?? 0;
}

interface Selection {
  readonly from: string;
  /** The rows for counting, without their columns. */
  readonly countedFrom: string;
  /** The expression to sort and page by. */
  readonly seq: string;
  readonly where: readonly string[];
  readonly params: readonly unknown[];
}

/** Few distinct SQL texts for all filters, so that statements stay prepared. Null if nothing can match. */
function selection(filter: TemplateFilter): Selection | null {
  const where: string[] = [];
  const params: unknown[] = [];
  const add = (condition: string, ...values: unknown[]): void => {
    where.push(condition);
    params.push(...values);
  };

  const searching = filter.q !== undefined && filter.q.trim() !== '';
  if (searching) {
    const match = ftsQueryOf(filter.q);
    if (match === null) return null;
    add('templates_fts MATCH ?', match);
  }
  add('t.trial = 0');
  if (!filter.include_archived) add('t.deleted_at IS NULL');
  if (filter.workspace_id !== undefined) add('t.workspace_id = ?', filter.workspace_id);
  if (filter.label !== undefined) {
    add(
      `(t.version_label = ? OR t.template_id IN
         (SELECT m.template_id FROM template_labels m WHERE m.label = ? AND ${isInForce('m')}))`,
      filter.label,
      filter.label,
    );
  }
  if (!searching) return { from: 'templates t', countedFrom: 'templates t', seq: 't.seq', where, params };
  const joined = (index = ''): string => `templates_fts f JOIN templates t ${index} ON t.seq = f.rowid`;
  return { from: joined(), countedFrom: joined(narrowIndexOf(filter)), seq: 'f.rowid', where, params };
}

/**
 * The index that covers these filters. On its own, SQLite would look up each match in the table, whose rows are as wide
 * as their texts: ten times the work with thousands of matches.
 */
function narrowIndexOf({ include_archived, label, workspace_id }: TemplateFilter): string {
  if (include_archived || label !== undefined) return '';
  return `INDEXED BY ${workspace_id === undefined ? 'ix_templates_active' : 'ix_templates_workspace'}`;
}

/** Longer lineages are cut off; people do not make deeper ones. */
const MAX_ANCESTORS = 1000;
const MAX_CHILDREN = 1000;

/** The template's parent, the parent's parent, and so on. */
export function listAncestors(db: ReadDb, templateId: string): TemplateSummary[] {
  const rows = db
    .prepare<[string, number], SummaryRow>(
      `WITH RECURSIVE ancestors (id, depth) AS (
         SELECT parent_template_id, 1 FROM templates WHERE template_id = ?
         UNION ALL
         SELECT p.parent_template_id, a.depth + 1 FROM ancestors a JOIN templates p ON p.template_id = a.id
         WHERE a.depth < ?
       )
       SELECT ${SUMMARY} FROM ancestors a JOIN templates t ON t.template_id = a.id ORDER BY a.depth`,
    )
    .all(templateId, MAX_ANCESTORS);
  return withPointers(db, rows).map(({ seq: _, ...summary }) => summary);
}

/** The templates derived from this one, newest first. */
export function listChildren(db: ReadDb, templateId: string): TemplateSummary[] {
  const rows = db
    .prepare<[string, number], SummaryRow>(
      `SELECT ${SUMMARY} FROM templates t WHERE t.parent_template_id = ? AND t.trial = 0 ORDER BY t.seq DESC LIMIT ?`,
    )
    .all(templateId, MAX_CHILDREN);
  return withPointers(db, rows).map(({ seq: _, ...summary }) => summary);
}

/** @throws NOT_FOUND */
export function requireSummary(db: ReadDb, templateId: string): TemplateSummary {
  const row = db
    .prepare<[string], SummaryRow>(`SELECT ${SUMMARY} FROM templates t WHERE t.template_id = ?`)
    .get(templateId);
  const [found] = withPointers(db, row === undefined ? [] : [row]);
  if (found === undefined) throw notFound('template', templateId);
  const { seq: _, ...summary } = found;
  return summary;
}

/** What points at these templates now, in one query each for all of them. */
export function withPointers<Row extends PinnableRow>(
  db: ReadDb,
  rows: readonly Row[],
): (Omit<Row, 'model_version_constraint'> & Pick<TemplateSummary, PointedAt>)[] {
  const ids = rows.map(({ template_id }) => template_id);
  const labels = labelsOf(db, ids);
  const changes = pinChanges(db, ids);
  return rows.map(({ model_version_constraint, ...row }) => {
    const { template_id, provider, model_id } = row;
    const frozen = { provider, model_id, model_version_constraint };
    const changed = changes.get(template_id) ?? [];
    return {
      ...row,
      labels: labels.get(template_id) ?? [],
      pinned_version_key: pinFor(frozen, changed, { provider, model_id }),
      pins: pinsInForce(frozen, changed),
    };
  });
}
