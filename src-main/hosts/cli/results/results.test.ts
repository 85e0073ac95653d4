import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import {
  comparisonSummary,
  UNKNOWN_USAGE,
  type Batch,
  type ComparisonRow,
  type RunSummary,
} from '../../../../src-shared/domain';
import { storedRun } from '../../../../test/support/stored-run';
import { storedTemplate } from '../../../../test/support/stored-template';
import { assertWritable, formatOf, writeFileWhole } from './result-file';

const folder = mkdtempSync(join(tmpdir(), 'prompter-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HOSTILE = '=HYPERLINK("http://evil")</td><script>alert(1)</script>\u001b[2J\r\n"quoted", done';

const template = storedTemplate({ name: '<b>T</b>' });

const batch: Batch = {
  batch_id: 'b',
  org_id: 'default',
  workspace_id: 'default',
  template_id: 't',
  template_name: template.name,
  prompt_name: template.name,
  name: '<i>name</i>',
  status: 'completed',
  status_reason: null,
  targets: ['one', 'two'].map((model_id, target_index) => ({
    target_index,
    connection_id: 'c',
    connection_name: 'conn',
    provider: 'practice-openai',
    model_id,
    inference_params: {},
    template_id: 't',
    template_name: template.name,
    prompt_name: template.name,
    version_number: 1,
    label: null,
    grounding_mode: null,
  })),
  left_out: [],
  variables: ['name'],
  inputs_count: 2,
  locales: null,
  modes: ['none'],
  replicates: 1,
  total: 4,
  drift_policy: 'record',
  concurrency: null,
  budget_usd: null,
  stream: false,
  timeout_seconds: null,
  lock: [],
  drift: [],
  counts: { pending: 0, running: 0, succeeded: 3, failed: 1, outcome_unknown: 0, cancelled: 0 },
  target_totals: [0, 1].map((target_index) => ({
    target_index,
    finished: 2,
    failed: target_index,
    unpriced: 1 - target_index,
    cost_usd: '0.000000000001',
    input_tokens: 20,
    output_tokens: 10,
    latency_p50_ms: null,
    latency_p95_ms: null,
  })),
  simulated: true,
  created_at: '2026-11-20T08:00:00.000Z',
  started_at: null,
  finished_at: null,
};

function cell(index: number, change: Partial<RunSummary> = {}): RunSummary {
  return storedRun(index, {
    response_output_sha256: String(index % 2).repeat(64),
    raw_response_sha256: 'f'.repeat(64),
    provider_version_key: 'fp_1',
    evidence_grade: 'fingerprint',
    usage: { ...UNKNOWN_USAGE, input_tokens: 10, output_tokens: 5 },
    cost_usd: '0.000000000001',
    latency_ms: 10 + index,
    first_byte_ms: 1,
    ...change,
  });
}

const rows: ComparisonRow[] = [
  { input_index: 0, variables: { name: HOSTILE }, cells: [cell(0, { output_text: HOSTILE }), cell(1)] },
  {
    input_index: 1,
    variables: { name: '-1+1', extra: [1] },
    cells: [
      cell(2, { output_text: '@SUM(A1)', cost_usd: null }),
      cell(3, { status: 'failed', failure_code: 'timeout', failure_message: 'slow', output_text: null }),
    ],
  },
];

function written(type: string): string {
  const format = formatOf(`x.${type}`)({ batch, templates: [template], variables: ['name', 'extra'] });
  const summary = comparisonSummary(batch);
  for (const { cells } of rows) for (const each of cells) summary.add(each);
  const summaries = summary.targets();
  return [format.head(), ...rows.map((row) => format.row(row)), format.tail(summaries)].join('');
}

test('JSON is one document with batch, template, rows and sums', () => {
  expect(JSON.parse(written('json'))).toMatchObject({
    batch: { batch_id: 'b' },
    template: { template_id: 't' },
    rows: [
      { input_index: 0, variables: { name: HOSTILE } },
      { cells: [{ run_id: 'run-2' }, { run_id: 'run-3' }] },
    ],
    targets: [
      { target: 'conn:one', ok: 2, failed: 0, cost_usd: '0.000000000001', unpriced: 1, distinct_outputs: 1 },
      { target: 'conn:two', ok: 1, failed: 1, cost_usd: '0.000000000001', unpriced: 0 },
    ],
  });
});

test('JSON lines hold one cell each, with its variables and target', () => {
  const lines = written('jsonl').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { run_id: 'run-0', target: 'conn:one', variables: { name: HOSTILE }, output_text: HOSTILE },
    { run_id: 'run-1', target: 'conn:two' },
    { run_id: 'run-2', target: 'conn:one', input_index: 1 },
    { run_id: 'run-3', target: 'conn:two', failure_code: 'timeout' },
  ]);
});

describe('CSV', () => {
  const text = written('csv');
  const records = parse(text, { columns: true }) as Record<string, string>[];

  test('is read back by a CSV parser, without a byte-order mark', () => {
    expect(text.startsWith('input_index,input.name,input.extra,target,')).toBe(true);
    expect(records).toHaveLength(4);
    expect(records[1]).toMatchObject({
      target: 'conn:two',
      output_text: 'answer 1',
      cost_usd: '0.000000000001',
    });
    expect(records[3]).toMatchObject({
      status: 'failed',
      failure_code: 'timeout',
      output_text: '',
      'input.extra': '[1]',
    });
  });

  test('holds no formula', () => {
    expect(records[0]?.['output_text']).toBe(`'${HOSTILE}`);
    expect(records[2]?.['output_text']).toBe("'@SUM(A1)");
    expect(records[2]?.['input.name']).toBe("'-1+1");
    for (const record of records) {
      for (const value of Object.values(record)) expect(value).not.toMatch(/^[=+\-@\t\r]/);
    }
  });
});

test('HTML escapes everything and runs nothing', () => {
  const html = written('html');
  expect(html).toContain(`content="default-src 'none'; style-src 'sha256-`);
  expect(html).not.toMatch(/<script|<i>|<b>T/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('prefers-color-scheme:dark');
  expect(html.match(/<tr>/g)).toHaveLength(2 + rows.length + batch.targets.length);
});

test('a file appears only when it is whole', async () => {
  const file = join(folder, 'out.jsonl');
  const broken = function* () {
    yield 'x'.repeat(500_000);
    expect(existsSync(file)).toBe(false);
    throw new Error('half-way');
  };
  await expect(writeFileWhole(file, broken())).rejects.toThrow('half-way');
  expect(readdirSync(folder)).toEqual([]);
  await writeFileWhole(file, ['a', 'b']);
  expect(readFileSync(file, 'utf8')).toBe('ab');
  expect(readdirSync(folder)).toEqual(['out.jsonl']);
});

test('a disk that is full is named, and the file is as it was', async () => {
  const file = join(folder, 'full.jsonl');
  writeFileSync(file, 'old');
  const full = function* () {
    yield 'x';
    throw Object.assign(new Error('write'), { code: 'ENOSPC' });
  };
  await expect(writeFileWhole(file, full())).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining('full.jsonl: the disk is full') as string,
  });
  expect(readFileSync(file, 'utf8')).toBe('old');
});

test('a link stays one, and what it leads to is written', async () => {
  const [file, link] = [join(folder, 'real.jsonl'), join(folder, 'link.jsonl')];
  writeFileSync(file, 'old');
  // Not by `mode`, from which a umask takes away.
  chmodSync(file, 0o640);
  symlinkSync('real.jsonl', link);
  await assertWritable(link);
  await writeFileWhole(link, ['new']);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  rmSync(file);
  await expect(assertWritable(link)).rejects.toThrow('link to a file that does not exist');
});

test.skipIf(process.platform === 'win32')('what is no file is refused, and stays what it is', async () => {
  const pipe = join(folder, 'pipe.csv');
  await promisify(execFile)('mkfifo', [pipe]);
  await expect(assertWritable(pipe)).rejects.toThrow('is not a file');
  const loop = join(folder, 'loop.csv');
  symlinkSync('loop.csv', loop);
  await expect(assertWritable(loop)).rejects.toThrow('--out');
  mkdirSync(join(folder, 'folder.csv'));
  await expect(assertWritable(join(folder, 'folder.csv'))).rejects.toThrow('is a folder');
});

test('an unknown type is wrong use', () => {
  expect(() => formatOf('results.xlsx')).toThrow('.json, .jsonl, .csv, .html');
});
