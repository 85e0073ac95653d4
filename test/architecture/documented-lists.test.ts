import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isContractProcedure } from '@orpc/contract';
import { getTableName, is, Table } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { COMMANDS as CLI_COMMANDS } from '../../src-main/hosts/cli/command-table';
import { failureOf } from '../../src-main/hosts/cli/failure';
import { finishReasonOf } from '../../src-main/providers/http';
import { ANTHROPIC_SDK_VARIABLES } from '../../src-main/providers/anthropic/sdk';
import { GOOGLE_SDK_VARIABLES } from '../../src-main/providers/google/sdk';
import { OPENAI_SDK_VARIABLES } from '../../src-main/providers/openai/sdk';
import { scrubbedEnvironment } from '../../src-main/hosts/electron/environment';
import { listProviders, schema } from '../../src-main/store';
import { COMMAND_IDS, COMMANDS } from '../../src-renderer/commands/catalogue';
import { contract, ERROR_STATUS } from '../../src-shared/contract';
import {
  AppError,
  BATCH_STATUSES,
  ERROR_CODES,
  EVIDENCE_GRADES,
  FAILURE_CODES,
  FINISH_REASONS,
  RECORD_TYPES,
  RUN_STATUSES,
} from '../../src-shared/domain';
import { openTempStore } from '../support/temp-store';
import { codesIn, firstCodes, rowsOf, sectionOf } from './markdown-tables';
import { projectRoot } from './planted-tree';

const INTERFACES = 'docs/interfaces.md';
const RECORDS = 'docs/records.md';
const PROVIDERS = 'docs/providers.md';
const SCREENS = 'docs/screens.md';

/** In any order, and each once. */
const sorted = <T>(items: readonly T[]): T[] => items.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));

describe('docs/interfaces.md', () => {
  test('has every route of the contract, with its status', () => {
    const routes = Object.values(contract).flatMap((area) =>
      Object.values(area).flatMap((procedure: unknown) => {
        if (!isContractProcedure(procedure)) return [];
        const { method, path, successStatus = 200 } = procedure['~orpc'].route;
        return [`${method} /v1${path} ${successStatus}`];
      }),
    );
    const documented = rowsOf(INTERFACES, 'Routes').map(
      ([route, does = '']) => `${codesIn(route)[0]} ${/\((\d{3})\)$/.exec(does)?.[1] ?? '200'}`,
    );
    expect(sorted(documented)).toEqual(sorted(routes));
  });

  test('has every command of the command line', () => {
    const commands = CLI_COMMANDS.map(({ usage }) => `prompter ${usage}`);
    expect(sorted(firstCodes(INTERFACES, 'Command line'))).toEqual(sorted(commands));
  });

  test('has every error code, with its HTTP status and exit code', () => {
    const codes = ERROR_CODES.map(
      (code) => `${code} ${ERROR_STATUS[code]} ${failureOf(new AppError(code, 'x')).exitCode}`,
    );
    const documented = rowsOf(INTERFACES, 'Error codes').map(
      ([code, status, exit]) => `${codesIn(code)[0]} ${status} ${exit}`,
    );
    expect(documented).toEqual(codes);
  });

  test('has every environment variable that the product reads', () => {
    const names = readdirSync(join(projectRoot, 'src-main'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .flatMap(
        (path) =>
          readFileSync(join(projectRoot, 'src-main', path), 'utf8').match(/\bPROMPTER_[A-Z_]+/g) ?? [],
      );
    expect(sorted(firstCodes(INTERFACES, 'Environment'))).toEqual(sorted([...new Set(names)]));
  });
});

describe('docs/records.md', () => {
  test('has every table', () => {
    const tables = Object.values(schema).flatMap((table) => (is(table, Table) ? [getTableName(table)] : []));
    expect(sorted(firstCodes(RECORDS, 'Tables'))).toEqual(sorted(tables));
  });

  test.each([
    ['Run status', RUN_STATUSES],
    ['Failure codes', FAILURE_CODES],
    ['Comparison status', BATCH_STATUSES],
    ['Audit log', RECORD_TYPES],
  ] as const)('has every word of: %s', (heading, words) => {
    expect(sorted(firstCodes(RECORDS, heading))).toEqual(sorted(words));
  });
});

describe('docs/providers.md', () => {
  test('has every system provider, with its protocol, address and need of a key', () => {
    const providers = listProviders(openTempStore().read).map(
      ({ provider_id, protocol, base_url, needs_key }) =>
        `${provider_id} ${protocol} ${base_url ?? 'none'} ${needs_key ? 'yes' : 'no'}`,
    );
    const documented = rowsOf(PROVIDERS, 'Protocols').map(
      ([id, protocol, address, key]) =>
        `${codesIn(id)[0]} ${codesIn(protocol)[0]} ${codesIn(address)[0] ?? 'none'} ${key}`,
    );
    expect(documented).toEqual(providers);
  });

  test('reads every finish reason as the adapters do', () => {
    const rows = rowsOf(PROVIDERS, 'Ends');
    const named = rows.flatMap(([ours]) => codesIn(ours));
    expect(sorted(named)).toEqual(sorted(FINISH_REASONS));
    const words = rows.flatMap(([ours, theirs]) =>
      codesIn(theirs).map((word) => [codesIn(ours)[0], word] as const),
    );
    expect(words.length).toBeGreaterThan(40);
    for (const [ours, word] of words) expect([word, finishReasonOf(word).unified]).toEqual([word, ours]);
  });

  test('has every evidence grade, best first', () => {
    expect(firstCodes(PROVIDERS, 'Version evidence')).toEqual([...EVIDENCE_GRADES]);
  });

  test('names failure codes that there are', () => {
    const codes: ReadonlySet<string> = new Set(FAILURE_CODES);
    expect(firstCodes(PROVIDERS, 'Errors').filter((code) => !codes.has(code))).toEqual([]);
  });

  test('names environment variables that are taken from the SDKs; the desktop app starts its core without any of them', () => {
    const taken = [...OPENAI_SDK_VARIABLES, ...ANTHROPIC_SDK_VARIABLES, ...GOOGLE_SDK_VARIABLES];
    const names = codesIn(sectionOf(PROVIDERS, 'Environment variables')).filter((code) =>
      /^[A-Z_]+$/.test(code),
    );
    expect(names.length).toBeGreaterThan(5);
    expect(taken).toEqual(expect.arrayContaining(names));
    const environment = Object.fromEntries(taken.map((name) => [name, 'x']));
    expect(scrubbedEnvironment(environment)).toEqual({});
  });
});

describe('docs/screens.md', () => {
  test('has every screen, by the command that leads to it', () => {
    const screens = COMMAND_IDS.filter((id) => id.startsWith('go.')).map((id) =>
      COMMANDS[id].title.replace('Go to ', ''),
    );
    expect(rowsOf(SCREENS, 'Screens').map(([name]) => name)).toEqual(screens);
  });

  test('has every shortcut', () => {
    const shortcuts = COMMAND_IDS.flatMap((id) => {
      const { title, group, keys = [] } = COMMANDS[id];
      return keys.length === 0 ? [] : [`${keys.join(' or ')}: ${title} (${group})`];
    });
    const documented = rowsOf(SCREENS, 'Keys').map(
      ([keys, title, group]) => `${codesIn(keys).join(' or ')}: ${title} (${group})`,
    );
    expect(sorted(documented)).toEqual(sorted(shortcuts));
  });
});

describe('docs/performance.md', () => {
  test('has every budget of the benchmarks', () => {
    const folder = join(projectRoot, 'test/bench');
    const sources = readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    // Names and limits that are put together from others are left out.
    const call =
      /\bat(Least|Most)\(\s*'([^']+)',(?:(?!\bat(?:Least|Most)\()[\s\S])*?'([^']+)',\s*([\d.]+),?\s*\)/g;
    const budgets = sources.flatMap((source) =>
      [...source.matchAll(call)].map(
        ([, side, name, unit, limit]) => `${name}: ${side === 'Least' ? '≥' : '≤'} ${limit} ${unit}`,
      ),
    );
    expect(budgets.length).toBeGreaterThan(10);
    const documented = rowsOf('docs/performance.md', 'Benchmarks').map(
      ([, measure, budget]) => `${measure}: ${budget}`,
    );
    expect(documented).toEqual(expect.arrayContaining(budgets));
  });
});
