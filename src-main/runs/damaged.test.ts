import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const word = { variables: { word: 'Alpha' } };

it('a run that is damaged in the store is an error which names the column', async () => {
  const { core, home } = await practiceCore();
  const { template_id } = newTemplate(core);
  const { run } = await core.runs.start({ template_id, ...word });
  const db = new Database(join(home, 'prompter.db'));
  db.exec(`UPDATE runs SET evidence = '{"requested_model"'`);
  db.close();
  expect(() => core.runs.get({ run_id: run.run_id })).toThrow(
    `damaged value: runs.evidence of ${run.run_id}`,
  );
});

it.each([
  ['bytes', `bytes = unhex('28b52ffd00'), encoding = 'zstd'`],
  ['headers', `headers = CAST('[["content-type"' AS BLOB)`],
])('a run whose answer has damaged %s says so, and hides no other run', async (column, damage) => {
  const { core, home } = await practiceCore();
  const { template_id } = newTemplate(core);
  const { run } = await core.runs.start({ template_id, ...word });
  const { run: other } = await core.runs.start({ template_id, ...word });
  const db = new Database(join(home, 'prompter.db'));
  for (const { name } of db
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'raw_responses'`,
    )
    .all())
    db.exec(`DROP TRIGGER ${name}`);
  db.exec(
    `UPDATE raw_responses SET ${damage} WHERE attempt_id IN (SELECT attempt_id FROM attempts WHERE run_id = '${run.run_id}')`,
  );
  db.close();
  const told = new RegExp(`damaged value: raw_responses.${column} of `);
  expect(() => core.runs.get({ run_id: run.run_id })).toThrow(told);
  expect(() => core.runs.raw({ run_id: run.run_id })).toThrow(told);
  expect(core.runs.list({ limit: 2 }).items).toMatchObject([
    { run_id: other.run_id, output_text: other.output_text },
    { run_id: run.run_id, output_text: null },
  ]);
});
