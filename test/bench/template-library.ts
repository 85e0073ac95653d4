import Database from 'better-sqlite3';
import { join } from 'node:path';
import { createCore, systemClock, uuidIds } from '../../src-main/core';
import { resolveConfig } from '../../src-main/home';
import type { Logger } from '../../src-main/ports';
import { openStore } from '../../src-main/store';
import { environmentOf } from './lib/comparison';
import { p95, temporaryFolder } from './lib/processes';
import { seedTemplates } from './seed-templates';
import { atMost, fact, type Suite } from './suites';

const TEMPLATES = 100_000;
const REPEATS = 60;
const SILENT: Logger = { log: () => undefined };
/** A query being typed, character by character. */
const TYPED = ['r', 're', 'ref', 'refu', 'refun', 'refund', 'refund t', 'refund tr', 'refund tri'];

/** A library of 100,000 templates: first rows, filter keystrokes, a duplicate check. */
export const templateLibrary: Suite = {
  name: 'template library: 100,000 templates',
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
        atMost('first rows, P95', p95(first), 'ms', 100),
        atMost('filter keystroke, P95', p95(keys), 'ms', 80),
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
