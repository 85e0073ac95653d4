import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { randomNumbers } from '../../../test/support/audit/audit-history';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { leaks, policyMistakes, type Member } from '../../../test/support/team/row-security';
import { copyTeam, newTeam, type TestTeam } from '../../../test/support/team/team-database';
import { engineFor } from '../../../test/support/team/team-engine';
import { liveShared } from '../../../test/support/team/team-history';
import { storeOptions } from '../../../test/support/temp-store';
import { openStore } from '../../store';

/** One team database with two organisations that both have rows in every table. */
let original: TestTeam;
let second: TestTeam;

beforeAll(async () => {
  original = await newTeam('one');
  second = await newTeam('two', original.admin);
  for (const [index, team] of [original, second].entries()) {
    const home = mkdtempSync(join(tmpdir(), 'prompter-test-'));
    const store = openStore(storeOptions({ home }));
    liveShared(store, 60, randomNumbers(200 + index));
    const engine = engineFor(store, team);
    await engine.push();
    await engine.close();
    store.close();
    rmSync(home, { recursive: true });
  }
});

const member = ({ org, database }: TestTeam): Member => ({ org_id: org.org_id, database });

test('no organisation gets at another one, by any verb, in any state of the connection', async () => {
  const { admin } = original;
  expect(await policyMistakes(admin)).toEqual([]);
  expect(await leaks(admin, member(original), member(second))).toEqual([]);
  expect(await leaks(admin, member(second), member(original))).toEqual([]);
});

const planted: readonly (readonly [
  mistake: string,
  sql: string,
  byCatalogue: boolean,
  byBehaviour: boolean,
])[] = [
  ['row-level security is not forced', `ALTER TABLE prompter.runs NO FORCE ROW LEVEL SECURITY`, true, true],
  ['it is switched off', `ALTER TABLE prompter.audit_leaves DISABLE ROW LEVEL SECURITY`, true, true],
  [
    'no setting means everything',
    `ALTER POLICY templates_select ON prompter.templates USING (org_id = (SELECT prompter.current_org())
       OR NULLIF(current_setting('prompter.org_id', true), '') IS NULL)`,
    true,
    true,
  ],
  [
    'an empty setting is not thought of',
    `ALTER POLICY runs_select ON prompter.runs USING (current_setting('prompter.org_id', true) IN ('', org_id))`,
    true,
    true,
  ],
  [
    'a second policy allows all',
    `CREATE POLICY debug ON prompter.raw_responses FOR SELECT USING (true)`,
    true,
    true,
  ],
  [
    'who may add is not checked',
    `ALTER POLICY runs_insert ON prompter.runs WITH CHECK (org_id IS NOT NULL)`,
    true,
    true,
  ],
  [
    'the setting is believed without asking who signed in',
    `CREATE OR REPLACE FUNCTION prompter.current_org() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
       SET search_path = '' RETURN NULLIF(current_setting('prompter.org_id', true), '')`,
    false,
    true,
  ],
  [
    'a view reads as its owner',
    `ALTER VIEW prompter.newest_results SET (security_invoker = false); ALTER VIEW prompter.newest_results OWNER TO postgres`,
    true,
    true,
  ],
  ['somebody may delete', `GRANT DELETE ON prompter.runs TO prompter_app`, true, false],
];

test.for(planted)('a planted mistake is caught: %s', async ([, sql, byCatalogue, byBehaviour]) => {
  const spoilt = await copyTeam(original);
  const other = { ...second, database: { ...second.database, database: spoilt.admin.database } };
  await asAdmin(spoilt.admin, (client) => client.query(sql));
  expect((await policyMistakes(spoilt.admin)).length > 0).toBe(byCatalogue);
  expect((await leaks(spoilt.admin, member(spoilt), member(other))).length > 0).toBe(byBehaviour);
});
