import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { hasPython, runVerifier } from '../../../test/support/audit/audit-python';
import { commandLine } from '../../../test/support/program';

const { prompter, file, folder, home } = commandLine();

async function aTemplateAndARun(): Promise<string> {
  const path = file(
    'greeting.json',
    JSON.stringify({
      name: 'Greeting',
      user_prompt_template: 'Greet {{ name }}',
      model_id: 'gpt-4o',
      provider: 'practice-openai',
    }),
  );
  const created = await prompter(['templates', 'create', path, '--json']);
  const { template_id } = JSON.parse(created.out) as { template_id: string };
  expect((await prompter(['run', template_id, '--var', 'name=Ada'])).exitCode).toBe(0);
  return template_id;
}

test.runIf(hasPython)('a path that Python cannot read is told in one line', async () => {
  await aTemplateAndARun();
  const exported = await prompter(['audit', 'export', '--out', join(folder, 'a.jsonl'), '--json']);
  const { verifier } = JSON.parse(exported.out) as { verifier: string };
  for (const path of [join(folder, 'none.jsonl'), folder]) {
    expect(runVerifier(verifier, path)).toEqual({
      status: 1,
      stdout: expect.stringMatching(/^NOT VERIFIED: .+ cannot be read: .+\n$/),
    });
  }
});

test('a checkpoint is printed to be kept, and again the same while nothing changed', async () => {
  await aTemplateAndARun();
  const first = await prompter(['audit', 'checkpoint']);
  expect(first.exitCode).toBe(0);
  expect(first.out).toMatch(
    /^prompter\.local\/\S+\n\d+\n\S+\n\n— prompter\.local\/\S+ \S+\n\nSigned by prompter/,
  );
  expect(first.out).toContain('a key held only in memory');
  const { size, root } = JSON.parse((await prompter(['audit', 'checkpoint', '--json'])).out) as {
    size: number;
    root: string;
  };
  expect(first.out.split('\n').slice(1, 3)).toEqual([
    String(size),
    Buffer.from(root, 'hex').toString('base64'),
  ]);
});

test('a file that somebody keeps in the folder where exports are made stays there', async () => {
  await aTemplateAndARun();
  const exports = join(home(), 'exports');
  mkdirSync(exports);
  const out = join(exports, 'audit.jsonl');
  expect((await prompter(['audit', 'export', '--out', out])).exitCode).toBe(0);
  // What a process that was killed left behind is taken away all the same.
  writeFileSync(join(exports, '0198c0de-0000-7000-8000-000000000000.entries'), 'left');
  expect((await prompter(['audit', 'verify', out])).exitCode).toBe(0);
  expect((await prompter(['audit', 'checkpoint'])).exitCode).toBe(0);
  expect(readdirSync(exports)).toEqual(['audit.jsonl', 'verify_audit.py']);
});

test('an export is verified by Prompter and by Python; a changed one is named and ends with 1', async () => {
  const templateId = await aTemplateAndARun();
  const out = join(folder, 'audit.jsonl');
  const exported = await prompter(['audit', 'export', '--out', out, '--json']);
  const { entries, verifier, verifier_key } = JSON.parse(exported.out) as {
    entries: number;
    verifier: string;
    verifier_key: string;
  };
  expect(entries).toBeGreaterThan(4);
  // What was made for it in the data folder is gone with the process.
  expect(existsSync(join(home(), 'exports')) && readdirSync(join(home(), 'exports'))).toBe(false);

  const good = await prompter(['audit', 'verify', out, '--key', verifier_key]);
  expect(good).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining(`${entries} entries verified to `),
  });
  const otherKey = await prompter(['audit', 'verify', out, '--key', 'someone+00000000+AAAA']);
  expect(otherKey).toMatchObject({ exitCode: 1, out: expect.stringContaining('the expected key') });

  const changed = join(folder, 'changed.jsonl');
  writeFileSync(changed, readFileSync(out, 'utf8').replace('Greet {{ name }}', 'Great {{ name }}'));
  const bad = await prompter(['audit', 'verify', changed, '--json']);
  expect(bad.exitCode).toBe(1);
  expect(JSON.parse(bad.out)).toMatchObject({
    ok: false,
    problems: [{ record_type: 'template', record_id: templateId }],
  });
  if (!hasPython) return;
  expect(runVerifier(verifier, out, verifier_key)).toMatchObject({
    status: 0,
    stdout: `${entries} entries verified\n`,
  });
  expect(runVerifier(verifier, changed, verifier_key)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(templateId),
  });
});

test('the store is verified; a record changed behind its back is named and ends with 1', async () => {
  const templateId = await aTemplateAndARun();
  const good = await prompter(['audit', 'verify']);
  expect(good).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^\d+ entries verified to /) });
  expect(good.out).toContain('records have no HMAC');

  const db = new Database(join(home(), 'prompter.db'));
  db.exec('DROP TRIGGER templates_update_guard');
  db.prepare(`UPDATE templates SET name = 'Another' WHERE template_id = ?`).run(templateId);
  db.close();
  const bad = await prompter(['audit', 'verify']);
  expect(bad.exitCode).toBe(1);
  expect(bad.out).toMatch(new RegExp(`^BROKEN Entry \\d+: the template ${templateId} was changed\\.`));
  const json = await prompter(['audit', 'verify', '--json']);
  expect(JSON.parse(json.out)).toMatchObject({ ok: false, problems: [{ record_id: templateId }] });
});

test('a file that is no export is told so', async () => {
  const path = file('nothing.jsonl', 'hello\n');
  expect(await prompter(['audit', 'verify', path])).toMatchObject({
    exitCode: 1,
    out: expect.stringContaining('not the header of an audit export'),
  });
  expect((await prompter(['audit', 'verify', join(folder, 'missing.jsonl')])).exitCode).not.toBe(0);
});

test('doctor misses a store that was deleted, says what to do, and is quiet when that was done', async () => {
  await aTemplateAndARun();
  const { size } = JSON.parse((await prompter(['audit', 'checkpoint', '--json'])).out) as { size: number };
  expect(await prompter(['doctor'])).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/ok {3}audit log +nothing signed is missing/),
  });
  rmSync(join(home(), 'prompter.db'));
  const missed = await prompter(['doctor']);
  expect(missed.exitCode).toBe(1);
  expect(missed.out).toMatch(
    new RegExp(
      `BAD  audit log +prompter\\.db is not the store that was here before.* with ${size} entries.*prompter backup list`,
    ),
  );
  renameSync(join(home(), 'audit-head'), file('kept', ''));
  expect(await prompter(['doctor'])).toMatchObject({ exitCode: 0 });
});
