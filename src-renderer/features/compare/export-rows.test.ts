import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  comparisonCsv,
  UNKNOWN_USAGE,
  type Batch,
  type ComparisonRow,
  type RunSummary,
} from '../../../src-shared/domain';
import { CSV_EXPORT, exportPieces, JSON_EXPORT, type ExportFormat } from './export-rows';
import { storedRun } from '../../../test/support/stored-run';
import { storedTemplate } from '../../../test/support/stored-template';

const target = (target_index: number, model_id: string): Batch['targets'][number] => ({
  target_index,
  provider: 'practice-openai',
  connection_id: 'c',
  connection_name: 'practice',
  model_id,
  inference_params: {},
  template_id: 't',
  template_name: 'Greeting',
  prompt_name: 'Greeting',
  version_number: 1,
  label: null,
  grounding_mode: null,
});

const batch: Batch = {
  batch_id: 'b',
  org_id: 'o',
  workspace_id: 'w',
  template_id: 't',
  template_name: 'Greeting',
  prompt_name: 'Greeting',
  name: null,
  status: 'completed',
  status_reason: null,
  targets: [target(0, 'a'), target(1, 'b')],
  left_out: [],
  variables: ['city', 'facts'],
  inputs_count: 2,
  locales: null,
  modes: ['none'],
  replicates: 2,
  total: 8,
  drift_policy: 'record',
  drift: [],
  concurrency: null,
  budget_usd: null,
  stream: false,
  timeout_seconds: null,
  lock: [],
  counts: { pending: 0, running: 0, succeeded: 8, failed: 0, outcome_unknown: 0, cancelled: 0 },
  target_totals: [],
  simulated: true,
  created_at: '2026-05-20T10:00:00.000Z',
  started_at: null,
  finished_at: null,
};

const cell = (index: number, output_text: string | null): RunSummary =>
  storedRun(index, { output_text, latency_ms: 12, usage: { ...UNKNOWN_USAGE, input_tokens: 0 } });

function csvOf(outputs: readonly (string | null)[]): Record<string, string>[] {
  const csv = comparisonCsv(batch);
  const variables = { city: 'Bremen', facts: [1, { two: 2 }] };
  const cells = outputs.map((output, index) => cell(index, output));
  return parse(csv.head + csv.row({ input_index: 0, variables, cells }), { columns: true });
}

test('every record names its target, and what is unknown is empty rather than 0', () => {
  const records = csvOf(['x', 'y', 'z', null]);
  expect(records.map((record) => record['target'])).toEqual([
    'practice:a',
    'practice:a',
    'practice:b',
    'practice:b',
  ]);
  expect(records[3]).toMatchObject({
    'input.city': 'Bremen',
    'input.facts': '[1,{"two":2}]',
    output_text: '',
    cost_usd: '',
    input_tokens: '0',
    output_tokens: '',
    latency_ms: '12',
  });
});

test('any output survives a round trip, with an apostrophe if a spreadsheet would run it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (output) => {
      const read = csvOf([output])[0]?.['output_text'] ?? '';
      const runs = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(output);
      expect(read).toBe(runs ? `'${output}` : output);
    }),
  );
});

test.each([0, 1, 500])(
  'an export of %i inputs is whole, page by page, from what the store has now',
  async (count) => {
    const stored: Batch = { ...batch, inputs_count: count, status: 'paused' };
    const rows = Array.from({ length: count }, (_, input_index): ComparisonRow => ({
      input_index,
      variables: { city: `c${input_index}` },
      cells: [cell(input_index * 4, 'x')],
    }));
    const source = {
      batches: {
        get: async () => stored,
        rows: async (asked: { from: number; count: number }) => ({
          rows: rows.slice(asked.from, asked.from + asked.count),
        }),
        summary: async () => ({ targets: [] }),
      },
      templates: { get: async () => storedTemplate({ template_id: 't' }) },
    };
    const textOf = (format: ExportFormat) => text(exportPieces(source, 'b', format));
    expect(JSON.parse(await textOf(JSON_EXPORT))).toMatchObject({
      batch: { status: 'paused' },
      template: { template_id: 't' },
      rows,
      targets: [],
    });
    expect(parse(await textOf(CSV_EXPORT), { columns: true })).toHaveLength(count);
  },
);
