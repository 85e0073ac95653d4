import type {
  HistoryEntry,
  LabelMove,
  Prompt,
  RunTotals,
  Template,
  TemplateSummary,
} from '../../../src-shared/domain';
import { decodeCursor, pageOf } from '../engine/cursor';
import type { ReadDb } from '../engine/db';
import { storedValue } from '../engine/stored-rows';
import { templateTotals } from '../rollups/tables';
import { promptNameOf } from '../templates/names';
import { templates } from '../templates/tables';
import { SUMMARY_COLUMNS, withPointers, type PointedAt } from '../templates/templates';
import { totalsOf } from './list';

type EntryRow = Omit<HistoryEntry, PointedAt | 'tags' | 'trial' | keyof RunTotals> & {
  readonly seq: number;
  readonly trial: 0 | 1;
  readonly tags: string | null;
  readonly runs: number | null;
  readonly simulated_runs: number | null;
  readonly unpriced_runs: number | null;
  readonly cost_text: string | null;
  readonly last_run_at: string | null;
} & Pick<TemplateSummary, 'config_sha256' | 'prompt_id' | 'workspace_id'> &
  Pick<Template, 'model_version_constraint'>;

/** The versions of a prompt, newest first, and its trials among them where they are asked for. */
export function listHistory(
  db: ReadDb,
  promptId: string,
  page: { readonly cursor?: string | undefined; readonly limit: number; readonly include_trials: boolean },
  counted: boolean,
): { items: HistoryEntry[]; next_cursor: string | null } {
  const rows = db
    .prepare<[string, number, number], EntryRow>(
      `SELECT ${SUMMARY_COLUMNS}, t.trial, t.tags, s.runs, s.simulated_runs, s.unpriced_runs,
         CAST(s.cost_picodollars AS TEXT) AS cost_text, s.last_run_at,
         (SELECT v.version_number FROM templates v WHERE v.template_id = t.parent_template_id
            AND v.prompt_id = t.prompt_id) AS parent_version_number
       FROM templates t LEFT JOIN template_totals s ON s.template_id = t.template_id
       WHERE t.prompt_id = ? AND t.seq < ? ${page.include_trials ? '' : 'AND t.trial = 0'}
       ORDER BY t.seq DESC LIMIT ?`,
    )
    .all(promptId, decodeCursor(page.cursor), page.limit + 1);
  return pageOf(withPointers(db, rows), page.limit, (row): HistoryEntry => {
    const { seq: _, config_sha256: __, prompt_id: ___, workspace_id: ____, trial, tags, ...entry } = row;
    const { runs, simulated_runs, unpriced_runs, cost_text, last_run_at, ...version } = entry;
    const id = row.template_id;
    return {
      ...version,
      trial: trial === 1,
      tags: storedValue(templates.tags, tags, id) ?? [],
      ...totalsOf(
        {
          runs: runs ?? 0,
          simulated_runs: simulated_runs ?? 0,
          unpriced_runs: unpriced_runs ?? 0,
          cost_picodollars: storedValue(templateTotals.cost_picodollars, cost_text ?? '0', id),
          last_run_at: last_run_at ?? '',
        },
        counted,
      ),
    };
  });
}

/** The template with this version number; undefined where the prompt has none. */
export function templateOfVersion(db: ReadDb, promptId: string, version: number): string | undefined {
  return db
    .prepare<[string, number], string>(
      `SELECT template_id FROM templates WHERE prompt_id = ? AND version_number = ? AND version_number IS NOT NULL`,
    )
    .pluck()
    .get(promptId, version);
}

export function countTrials(db: ReadDb, promptId: string): number {
  const count = db
    .prepare<[string], { n: number }>(`SELECT count(*) AS n FROM templates WHERE prompt_id = ? AND trial = 1`)
    .get(promptId);
  return count?.n ?? 0;
}

/** What the prompt's first template was forked from; null where it was written anew. */
export function forkedFrom(db: ReadDb, promptId: string): Prompt['forked_from'] {
  const row = db
    .prepare<[string], NonNullable<Prompt['forked_from']>>(
      `SELECT o.prompt_id, o.template_id, ${promptNameOf('o')} AS name, o.version_number FROM templates f
       JOIN templates o ON o.template_id = f.parent_template_id WHERE f.template_id = ?`,
    )
    .get(promptId);
  return row ?? null;
}

/**
 * Every move of a prompt's labels, newest first: those that name it, and those from before labels belonged to prompts
 * that pointed to one of its versions.
 */
export function listLabelMoves(
  db: ReadDb,
  promptId: string,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): { items: LabelMove[]; next_cursor: string | null } {
  const rows = db
    .prepare<[string, string, number, number], LabelMove & { seq: number }>(
      `SELECT m.seq, m.move_id, m.org_id, m.workspace_id, m.label, m.template_id, m.prompt_id, m.moved_at, m.moved_by,
         t.version_number,
         (SELECT d.decided_by FROM label_decisions d WHERE d.move_id = m.move_id) AS approved_by
       FROM template_labels m LEFT JOIN templates t ON t.template_id = m.template_id
       WHERE m.seq IN (
           SELECT n.seq FROM template_labels n WHERE n.prompt_id = ?
           UNION
           SELECT n.seq FROM templates v CROSS JOIN template_labels n ON n.template_id = v.template_id
           WHERE v.prompt_id = ? AND n.prompt_id IS NULL)
         AND m.seq < ?
       ORDER BY m.seq DESC LIMIT ?`,
    )
    .all(promptId, promptId, decodeCursor(page.cursor), page.limit + 1);
  return pageOf(rows, page.limit, ({ seq: _, ...move }) => move);
}
