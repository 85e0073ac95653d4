import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SHIPPED_MIGRATIONS } from '../../src-main/store/migrations/shipped';
import { promptsShown, PROMPTS_AFTER, storeBeforePrompts } from '../support/labelled-store';
import { tempHome } from '../support/temp-store';

/** Runs the first statements of a migration in its transaction and is killed there. */
const KILLED = `
  const { readFileSync } = require('node:fs');
  const [sqlite, store, statements, count] = process.argv.slice(1);
  const Database = require(sqlite);
  const db = new Database(store);
  db.exec('BEGIN IMMEDIATE');
  for (const statement of JSON.parse(readFileSync(statements, 'utf8')).slice(0, Number(count))) db.exec(statement);
  process.kill(process.pid, 'SIGKILL');
`;

/** The statements of a file in which each ends a line, and a trigger with its END. */
function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let statement = '';
  for (const line of sql.split('\n').filter((text) => !text.startsWith('--'))) {
    statement += `${line}\n`;
    const isWhole = statement.startsWith('CREATE TRIGGER') ? line.endsWith('END;') : line.endsWith(';');
    if (!isWhole) continue;
    statements.push(statement);
    statement = '';
  }
  expect(statement.trim()).toBe('');
  return statements;
}

test('a process that is killed at any statement of the migration leaves a store that opens with everything', () => {
  const statements = statementsOf(SHIPPED_MIGRATIONS[17]?.sql ?? '');
  expect(statements.length).toBeGreaterThan(40);
  const file = join(tempHome(), 'statements.json');
  writeFileSync(file, JSON.stringify(statements));
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  const home = storeBeforePrompts();
  for (let count = 0; count <= statements.length; count += 1) {
    const path = join(home, 'prompter.db');
    const killed = spawnSync(process.execPath, ['-e', KILLED, sqlite, path, file, String(count)], {
      encoding: 'utf8',
    });
    expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' });
  }
  expect(promptsShown(home)).toEqual(PROMPTS_AFTER);
  for (const count of [1, Math.floor(statements.length / 2), statements.length]) {
    const fresh = storeBeforePrompts();
    spawnSync(process.execPath, ['-e', KILLED, sqlite, join(fresh, 'prompter.db'), file, String(count)]);
    expect(promptsShown(fresh)).toEqual(PROMPTS_AFTER);
  }
});
