import { hash } from 'node:crypto';
import type { Ids } from '../../src-main/ports';
import type { Store } from '../../src-main/store';
import { canonicalTemplateConfig } from '../../src-shared/domain/canonical';
import { DEFAULT_ORG_ID, DEFAULT_WORKSPACE_ID } from '../../src-shared/domain';

const SUBJECTS = [
  'Refund',
  'Invoice',
  'Contract',
  'Meeting',
  'Review',
  'Ticket',
  'Résumé',
  'Product',
  'Incident',
  'Survey',
];
const TASKS = [
  'triage',
  'summary',
  'extraction',
  'translation',
  'reply',
  'classification',
  'rewrite',
  'checklist',
];
const TONES = ['friendly', 'formal', 'brief', 'detailed', 'neutral', 'playful', 'legal', 'technical'];
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'gemini-2.5-flash', 'llama3.1:8b'];

/** One in this many is archived. */
const ARCHIVED_EVERY = 50;
const ROWS_PER_COMMIT = 5_000;

/** Ten templates are three prompts, of four, three and three versions. */
const FIRST_OF_TEN: ReadonlySet<number> = new Set([0, 4, 7]);

/** The prompt that is being filled. */
interface Line {
  readonly parent: string | null;
  readonly newest: string;
  readonly prompt_id: string;
  readonly version_number: number;
}

/**
 * Fills a store with distinct templates of about 1 KB in prompts of several versions, the same each time, bypassing the
 * service for speed. Returns how many are active.
 */
export function seedTemplates(store: Store, options: { count: number; ids: Ids }): number {
  const { count, ids } = options;
  const start = Date.UTC(2025, 0, 1);
  let line: Line = { parent: null, newest: '', prompt_id: '', version_number: 0 };
  for (let from = 0; from < count; from += ROWS_PER_COMMIT) {
    store.write((tx) => {
      const insert = tx.prepare<(string | number | null)[], never>(
        `INSERT INTO templates (template_id, org_id, workspace_id, name, description, system_instructions,
           user_prompt_template, country_set, provider, model_id, inference_params, grounding_mode, als,
           fingerprint_allowlist, variables, version_label, config_sha256, created_at, deleted_at,
           parent_template_id, prompt_id, version_number)
         VALUES (?, ?, ?, ?, ?, ?, ?, '[]', NULL, ?, '{"temperature":0.2}', 'none', 0, '[]', '["text"]', ?, ?, ?, ?,
           ?, ?, ?)`,
      );
      for (let index = from; index < Math.min(from + ROWS_PER_COMMIT, count); index++) {
        const template = templateAt(index);
        const created_at = new Date(start + index * 1000).toISOString();
        const template_id = ids.uuid();
        const isFirst = FIRST_OF_TEN.has(index % 10);
        line = isFirst
          ? { parent: null, newest: template_id, prompt_id: template_id, version_number: 1 }
          : { ...line, parent: line.newest, version_number: line.version_number + 1 };
        insert.run(
          template_id,
          DEFAULT_ORG_ID,
          DEFAULT_WORKSPACE_ID,
          template.name,
          template.description,
          template.system_instructions,
          template.user_prompt_template,
          template.model_id,
          `v${1 + (index % 7)}`,
          hash('sha256', canonicalTemplateConfig({ ...template, inference_params: { temperature: 0.2 } })),
          created_at,
          index % ARCHIVED_EVERY === 0 ? created_at : null,
          line.parent,
          line.prompt_id,
          line.version_number,
        );
        line = { ...line, newest: template_id };
      }
    });
  }
  return count - Math.ceil(count / ARCHIVED_EVERY);
}

function templateAt(index: number) {
  const pick = (words: readonly string[], stride: number): string =>
    words[Math.floor(index / stride) % words.length] ?? '';
  const subject = pick(SUBJECTS, 1);
  const task = pick(TASKS, SUBJECTS.length);
  const tone = pick(TONES, SUBJECTS.length * TASKS.length);
  const description = `${subject} ${task} in a ${tone} tone`;
  return {
    name: `${subject} ${task} ${index}`,
    description,
    system_instructions: `You do ${task} work on ${subject.toLowerCase()} texts. Keep a ${tone} tone. Case number ${index}.`,
    user_prompt_template: `${description}.\n${'Read the text below with care and answer only from what it says. '.repeat(10)}\n\n{{ text }}`,
    model_id: pick(MODELS, 3),
  };
}
