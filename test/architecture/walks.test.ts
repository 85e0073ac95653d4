import { describe, expect, test, vi } from 'vitest';
import { changed, filesWith, pathsIn, problemsIn, type Planted } from './planted-program';

// The compiler reads the whole project: a busy machine takes minutes for that.
vi.setConfig({ testTimeout: 900_000 });

const TABLE = 'src-main/store/runs/tables.ts';
const DERIVE = 'src-main/runs/derive.ts';
const VIEW = 'src-main/runs/view.ts';
const RUN = 'src-shared/domain/run.ts';
const RECORD = 'src-renderer/features/runs/run-record.tsx';
const GIVEN = 'test/support/derived-run.ts';

/** Every file that says what a whole run consists of. */
const RUNS = [
  ...filesWith(['src-main', 'src-shared', 'src-renderer'], /\b(DerivedRun|RunRow|runSchema|keyof Run)\b/),
  GIVEN,
];
const inRuns = (planted: Planted): string[] => problemsIn(RUNS, planted);

const column = ['  grounded: bool(),', '  grounded: bool(),\n  answer_language: text().notNull(),'] as const;
const table = changed(TABLE, column);
const cleared = changed(TABLE, column, [
  "  requires_manual_review: '0',",
  "  requires_manual_review: '0',\n  answer_language: \"''\",",
]);
const derive = changed(
  DERIVE,
  [
    '      grounded: grounding.grounded,',
    "      grounded: grounding.grounded,\n      answer_language: 'en',",
  ],
  ['      grounded: null,', "      grounded: null,\n      answer_language: '',"],
);
const given = changed(GIVEN, ['    grounded: null,', "    grounded: null,\n    answer_language: 'en',"]);
const field = changed(RUN, [
  '  grounded: z.boolean()',
  '  answer_language: z.string(),\n  grounded: z.boolean()',
]);
const shown = changed(RECORD, [
  "  country: 'Country',",
  "  country: 'Country',\n  answer_language: 'Language',",
]);

describe('a derived column of a run is its table, derive and where it is shown', () => {
  test('of a column that only the table has, the compiler names what clears, derives, shows and makes it up', () => {
    const found = inRuns(table);
    expect(found.every((problem) => problem.includes('answer_language'))).toBe(true);
    expect(pathsIn(found)).toEqual([DERIVE, VIEW, TABLE, GIVEN].toSorted());
  });

  test('with those, and a field of the run, it names where its name on screen belongs', () => {
    const found = inRuns({ ...cleared, ...derive, ...given, ...field });
    expect(found).toEqual([expect.stringContaining("Property 'answer_language' is missing")]);
    expect(pathsIn(found)).toEqual([RECORD]);
  });

  test('a field that no column gives is named as well', () => {
    expect(pathsIn(inRuns({ ...field, ...shown }))).toEqual([VIEW]);
  });

  test('with all of them, nothing is left', () => {
    expect(inRuns({ ...cleared, ...derive, ...given, ...field, ...shown })).toEqual([]);
  });
});

const CONTRACT = 'src-shared/contract/backups.ts';
const SERVICE = 'src-main/core/backups.ts';
const PORT = 'src-main/ports/services.ts';
const ROUTER = 'src-main/rpc/router.ts';
const HANDLERS = 'src-main/rpc/special-handlers.ts';
const FAKE = 'test/conformance/fake-backups.ts';

const PROCEDURES = [CONTRACT, SERVICE, PORT, ROUTER, HANDLERS, FAKE];
const inProcedures = (planted: Planted): string[] => problemsIn(PROCEDURES, planted);

const procedure = changed(CONTRACT, [
  'export const backupsContract = {',
  `export const backupsContract = {
     forget: route('POST', '/backups/{file}/forget', { summary: 'Forget', tag })
       .input(z.object({ file: z.string() }))
       .output(z.object({ forgotten: z.boolean() })),`,
]);
const serviceWith = (method: string): Planted =>
  changed(SERVICE, ['    list: () =>', `    ${method},\n    list: () =>`]);
const fakeWith = (method: string): Planted => changed(FAKE, ['  list: () =>', `  ${method},\n  list: () =>`]);

const FORGET = 'forget: async ({ file }) => ({ forgotten: file.length > 0 })';

describe('a procedure is its contract and its service', () => {
  test('what the contract has and a service has not, the compiler names at the service and at its fake', () => {
    expect(inProcedures(procedure)).toEqual([
      expect.stringMatching(/^src-main\/core\/backups\.ts: Property 'forget' is missing /),
      expect.stringMatching(/^test\/conformance\/fake-backups\.ts: Property 'forget' is missing /),
    ]);
  });

  test('with a method in each, nothing else has to change', () => {
    expect(inProcedures({ ...procedure, ...serviceWith(FORGET), ...fakeWith(FORGET) })).toEqual([]);
  });

  test('a method that takes or gives something else is refused', () => {
    const takesOther = 'forget: async (file: string) => ({ forgotten: file.length > 0 })';
    const givesOther = 'forget: async ({ file }) => ({ forgotten: file })';
    expect(inProcedures({ ...procedure, ...serviceWith(takesOther), ...fakeWith(givesOther) })).toEqual([
      expect.stringMatching(
        /^src-main\/core\/backups\.ts: (.|\n)*'\{ file: string; \}' is not assignable to .* 'string'/,
      ),
      expect.stringMatching(
        /^test\/conformance\/fake-backups\.ts: (.|\n)*'string' is not assignable to .* 'boolean'/,
      ),
    ]);
  });

  test('what the contract does not have is neither a method nor a special case; a special case needs its handler', () => {
    const more = fakeWith('forget: async () => ({ forgotten: true })');
    const special = changed(PORT, ["'health' | 'changes'", "'health' | 'changes' | 'status' | 'forget'"]);
    expect(inProcedures({ ...special, ...more })).toEqual([
      expect.stringMatching(/^src-main\/ports\/services\.ts: (.|\n)*"forget"(.|\n)* is not assignable /),
      expect.stringMatching(/^src-main\/rpc\/special-handlers\.ts: (.|\n)*Property 'status' is missing /),
      expect.stringMatching(/^test\/conformance\/fake-backups\.ts: (.|\n)*'forget' does not exist in type/),
    ]);
  });
});

const RECORDS = 'src-shared/domain/providers/protocols.ts';
const CLIENTS = 'src-main/providers/clients.ts';
const VENDORS = 'src-main/practice/vendors/index.ts';

const KNOWN = /\b(Protocol|ResponseApi|PracticeVendor|PROTOCOLS|RESPONSE_APIS|PRACTICE_VENDORS)\b/;
/** Every file that asks which protocol, API or vendor something is of. */
const PROTOCOLS = filesWith(['src-main', 'src-shared', 'src-renderer'], KNOWN).filter(
  (file) => !file.endsWith('.test.ts'),
);
const TESTS = filesWith(['src-main', 'test/support'], KNOWN).filter((file) => !PROTOCOLS.includes(file));

const record = changed(RECORDS, [
  '  gemini: {',
  `  planted: {
    api: 'planted.answers',
    gradeModelId: gradeOpenAiId,
    hasDialects: false,
    hasStreamOptions: false,
    hasJsonMode: false,
    media: { title: 'Planted', image: [], file: [] },
    practice: { vendor: 'planted', base: '' },
  },
  gemini: {`,
]);

const folders: Planted = {
  'src-main/providers/planted/index.ts': `import type { ProviderClient } from '../../ports';
    export declare function createPlantedClient(): ProviderClient;`,
  ...changed(
    CLIENTS,
    ["from './google';", "from './google';\nimport { createPlantedClient } from './planted';"],
    [
      '    gemini: createGoogleClient(),',
      '    gemini: createGoogleClient(),\n    planted: createPlantedClient(),',
    ],
  ),
  'src-main/practice/vendors/planted/index.ts': `import type { Vendor } from '../../exchange';
    export declare const planted: Vendor;`,
  ...changed(
    VENDORS,
    ["from './google';", "from './google';\nimport { planted } from './planted';"],
    ['anthropic, google }', 'anthropic, google, planted }'],
  ),
};

describe('a protocol is its folder and its record', () => {
  test('of a protocol that has only its record, the compiler names where its client and its practice are missing', () => {
    const found = problemsIn(PROTOCOLS, record);
    expect(pathsIn(found)).toEqual([VENDORS, CLIENTS]);
    expect(found.every((problem) => problem.includes("Property 'planted' is missing"))).toBe(true);
  });

  test('with its folders, nothing is left in the product', () => {
    expect(problemsIn(PROTOCOLS, { ...record, ...folders })).toEqual([]);
  });

  test('and the tests that want to know of each are named', () => {
    expect(pathsIn(problemsIn(TESTS, { ...record, ...folders }))).toEqual([
      'src-main/practice/answers/written-answers.test.ts',
      'src-main/providers/practice-tools.test.ts',
      'src-main/runs/conversations.test.ts',
      'test/support/generated-answers.ts',
      'test/support/protocol-cases.ts',
      'test/support/written-answers.ts',
    ]);
  });
});
