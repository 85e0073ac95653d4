import Database from 'better-sqlite3';
import { join } from 'node:path';
import { promptOrderSchema } from '../../src-shared/domain';
import { createCore, systemClock, uuidIds } from '../../src-main/core';
import { resolveConfig } from '../../src-main/home';
import type { Core, Logger } from '../../src-main/ports';
import { openStore } from '../../src-main/store';
import { environmentOf } from './lib/comparison';
import { p95, temporaryFolder } from './lib/processes';
import { seedTemplates } from './seed-templates';
import { atMost, fact, type Suite } from './suites';

const TEMPLATES = 100_000;
const REPEATS = 60;
type PromptQuery = Parameters<Core['prompts']['list']>[0];
const SILENT: Logger = { log: () => undefined };
/** A query being typed, character by character. */
const TYPED = ['r', 're', 'ref', 'refu', 'refun', 'refund', 'refund t', 'refund tr', 'refund tri'];

/** A library of 100,000 templates in 30,000 prompts: first rows in each order, filter keystrokes, a duplicate check. */
export const templateLibrary: Suite = {
  name: 'template library: 100,000 templates in 30,000 prompts',
  async run(log) {
    const folder = temporaryFolder();
    const env = environmentOf(folder.path);
    try {
      log(`seeding ${TEMPLATES} templates`);
      const store = openStore({
        home: folder.path,
        ids: uuidIds,
        clock: systemClock,
        logger: SILENT,
        appVersion: 'bench',
      });
      seedTemplates(store, { count: TEMPLATES, ids: uuidIds });
      store.close();
      const opened = performance.now();
      const seeded = await createCore({ config: resolveConfig(env), appVersion: 'bench', env });
      const openMs = performance.now() - opened;
      const list = (q?: string) =>
        seeded.templates.list({ limit: 50, include_archived: false, ...(q === undefined ? {} : { q }) });
      const prompts = (more: Partial<PromptQuery> = {}) =>
        seeded.prompts.list({
          limit: 50,
          include_archived: false,
          include_inactive: false,
          sort: '-changed',
          ...more,
        });
      const promptRows = timed(REPEATS, () => prompts());
      const orders = promptOrderSchema.options.flatMap((sort) => timed(REPEATS / 6, () => prompts({ sort })));
      const promptKeys = TYPED.flatMap((q) => timed(REPEATS / 6, () => prompts({ q })));
      const sortedKeys = TYPED.flatMap((q) => timed(REPEATS / 6, () => prompts({ q, sort: 'name' })));
      const byModel = timed(REPEATS / 6, () => prompts({ model_id: 'gpt-4o', sort: '-cost' }));
      const first = timed(REPEATS, () => list());
      const keys = TYPED.flatMap((q) => timed(REPEATS / 6, () => list(q)));
      const sample = seeded.templates.get({ template_id: list().items[0]?.template_id ?? '' });
      const check = timed(REPEATS, () =>
        seeded.templates.checkDuplicate({
          org_id: sample.org_id,
          workspace_id: sample.workspace_id,
          model_id: sample.model_id,
          system_instructions: sample.system_instructions,
          user_prompt_template: sample.user_prompt_template,
          inference_params: sample.inference_params,
        }),
      );
      const scan = scanBaseline(join(folder.path, 'prompter.db'));
      await seeded.close();
      return [
        fact('open the store', openMs, 'ms'),
        atMost('first rows, P95', p95(promptRows), 'ms', 100),
        atMost('first rows in any order, P95', p95(orders), 'ms', 100),
        atMost('filter keystroke, P95', p95(promptKeys), 'ms', 80),
        atMost('filter keystroke, sorted by name, P95', p95(sortedKeys), 'ms', 80),
        atMost('filter by model, sorted by cost, P95', p95(byModel), 'ms', 80),
        fact('first rows of all versions, P95', p95(first), 'ms'),
        fact('filter keystroke over all versions, P95', p95(keys), 'ms'),
        atMost('duplicate check, P95', p95(check), 'ms', 60),
        fact('the same filter by a scan, P95', p95(scan), 'ms'),
        fact('scan / index', p95(scan) / p95(keys), '×'),
      ];
    } finally {
      folder.remove();
    }
  },
};

function timed(times: number, work: () => unknown): number[] {
  return Array.from({ length: times }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
}

/** The filter without the full-text index, for comparison. */
function scanBaseline(path: string): number[] {
  const db = new Database(path, { readonly: true });
  const statement = db.prepare(
    `SELECT template_id FROM templates WHERE deleted_at IS NULL AND (name LIKE ? OR user_prompt_template LIKE ?)
     ORDER BY seq DESC LIMIT 50`,
  );
  const count = db.prepare(
    `SELECT count(*) FROM templates WHERE deleted_at IS NULL AND (name LIKE ? OR user_prompt_template LIKE ?)`,
  );
  const times = TYPED.flatMap((q) =>
    timed(REPEATS / 6, () => [statement.all(`%${q}%`, `%${q}%`), count.get(`%${q}%`, `%${q}%`)]),
  );
  db.close();
  return times;
}
