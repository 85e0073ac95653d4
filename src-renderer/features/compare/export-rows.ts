import { cellAt, type Batch, type RunSummary } from '../../../src-shared/domain';
import type { BatchRow } from './batch-view';
import { shapeOf } from './coordinates';

/** How a comparison is written to a file, piece by piece. */
export interface ExportFormat {
  readonly extension: string;
  readonly type: string;
  readonly head: string;
  row(row: BatchRow, index: number): string;
  readonly tail: string;
}

type Value = string | number | null;

/** The same columns as `prompter compare --out results.csv`. */
const CELL_COLUMNS: readonly (readonly [name: string, value: (cell: RunSummary) => Value])[] = [
  ['replicate_index', (cell) => cell.replicate_index],
  ['status', (cell) => cell.status],
  ['failure_code', (cell) => cell.failure_code],
  ['failure_message', (cell) => cell.failure_message],
  ['output_text', (cell) => cell.output_text],
  ['provider_version_key', (cell) => cell.provider_version_key],
  ['evidence_grade', (cell) => cell.evidence_grade],
  ['input_tokens', (cell) => cell.usage.input_tokens],
  ['output_tokens', (cell) => cell.usage.output_tokens],
  ['cost_usd', (cell) => cell.cost_usd],
  ['latency_ms', (cell) => cell.latency_ms],
  ['response_output_sha256', (cell) => cell.response_output_sha256],
  ['raw_response_sha256', (cell) => cell.raw_response_sha256],
  ['run_id', (cell) => cell.run_id],
  ['executed_at', (cell) => cell.executed_at],
];

/** RFC 4180, one cell per record; variables stand under `input.NAME`. */
export function csvExport(batch: Batch): ExportFormat {
  const shape = shapeOf(batch);
  const names = batch.variables;
  const targetName = (cell: RunSummary): string | null => {
    const target =
      cell.batch_run_index === null
        ? undefined
        : batch.targets[cellAt(shape, cell.batch_run_index).target_index];
    return target ? `${target.connection_name}:${target.model_id}` : null;
  };
  return {
    extension: 'csv',
    type: 'text/csv',
    head: record([
      'input_index',
      ...names.map((name) => `input.${name}`),
      'target',
      ...CELL_COLUMNS.map(([name]) => name),
    ]),
    row: ({ input_index, variables, cells }) =>
      cells
        .map((cell) =>
          record([
            input_index,
            ...names.map((name) => plain(variables[name])),
            targetName(cell),
            ...CELL_COLUMNS.map(([, value]) => value(cell)),
          ]),
        )
        .join(''),
    tail: '',
  };
}

/** One document: the comparison and every row with its cells. */
export function jsonExport(batch: Batch): ExportFormat {
  return {
    extension: 'json',
    type: 'application/json',
    head: `{"batch":${JSON.stringify(batch)},\n"rows":[\n`,
    row: (row, index) => `${index > 0 ? ',\n' : ''}${JSON.stringify(row)}`,
    tail: '\n]}\n',
  };
}

function plain(value: unknown): Value {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

function record(fields: readonly Value[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

/** A spreadsheet would run a text that begins like this as a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

function field(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]|^'|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
