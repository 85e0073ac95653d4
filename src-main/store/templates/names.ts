import {
  templateTitle,
  type NamedTemplate,
  type Template,
  type TemplateName,
} from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { storedColumns, type StoredRow } from '../engine/stored-rows';
import { templates } from './tables';

/**
 * SQL for what a template's prompt is called now. While a prompt has only trials and nobody has named it, each of them is
 * called as it was when it was run.
 * @param t the alias of `templates`
 */
export const promptNameOf = (t: string): string => `(SELECT
  CASE WHEN p.latest_seq IS NOT NULL THEN p.name ELSE coalesce(
    (SELECT c.name FROM prompt_changes c WHERE c.prompt_id = p.prompt_id ORDER BY c.seq DESC LIMIT 1), ${t}.name) END
  FROM prompts p WHERE p.prompt_id = ${t}.prompt_id)`;

const HEAD = storedColumns(
  templates,
  ['template_id', 'name', 'version_number', 'trial', 'variables'],
  'template_id',
);

/** What lists and comparisons say of a template. */
export interface TemplateHead extends TemplateName, Pick<Template, 'template_id' | 'trial' | 'variables'> {}

/** By id, in one query; unknown ids are absent. */
export function templateHeads(db: ReadDb, templateIds: readonly string[]): ReadonlyMap<string, TemplateHead> {
  return new Map(
    db
      .prepare<[string], StoredRow & { readonly prompt_name: string }>(
        `SELECT ${HEAD.list}, ${promptNameOf('templates')} AS prompt_name
         FROM templates WHERE template_id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify([...new Set(templateIds)]))
      .map((row) => {
        const { name, ...head } = HEAD.decode(row);
        return [head.template_id, { ...head, template_name: name, prompt_name: row.prompt_name }];
      }),
  );
}

const UNKNOWN: TemplateName = { template_name: '', prompt_name: '', version_number: null };

/** The names alone; a template that is not stored has none. */
export function nameIn(heads: ReadonlyMap<string, TemplateHead>, templateId: string): TemplateName {
  const { template_name, prompt_name, version_number } = heads.get(templateId) ?? UNKNOWN;
  return { template_name, prompt_name, version_number };
}

/** What the template's prompt is called now. */
export function promptNameFor(
  db: ReadDb,
  { template_id, name }: Pick<Template, 'template_id' | 'name'>,
): string {
  return templateHeads(db, [template_id]).get(template_id)?.prompt_name ?? name;
}

export function named(db: ReadDb, template: Template): NamedTemplate {
  return { ...template, prompt_name: promptNameFor(db, template) };
}

/** What the template is called in a message. */
export function titleOf(db: ReadDb, template: Template): string {
  return templateTitle(named(db, template));
}
