import type { ReadDb } from '../engine/db';

/**
 * Templates whose prompt or version number is not what their sealed columns and the order of rows say: a child belongs to
 * its parent's prompt unless it is forked or in another workspace, and versions count from 1. Neither column is sealed.
 */
export function misplacedTemplates(db: ReadDb): { template_id: string; prompt_id: string }[] {
  return db
    .prepare<[], { template_id: string; prompt_id: string }>(
      `SELECT t.template_id, t.prompt_id FROM (
         SELECT template_id, prompt_id, version_number, workspace_id, parent_template_id, fork,
           CASE trial WHEN 0 THEN row_number() OVER (PARTITION BY prompt_id, trial ORDER BY seq) END AS expected
         FROM templates
       ) t LEFT JOIN templates p ON p.template_id = t.parent_template_id
       WHERE t.version_number IS NOT t.expected OR t.prompt_id IS NOT CASE
         WHEN t.parent_template_id IS NULL OR t.fork = 1 OR p.workspace_id IS NOT t.workspace_id THEN t.template_id
         ELSE p.prompt_id END`,
    )
    .all();
}
