import type { RunSummary } from '../../../../src-shared/domain';
import { shapeOf, targetIndexOf, targetName } from '../compare/summary';
import type { ResultFormat, ResultSource } from './format';

type Column = readonly [name: string, value: (cell: RunSummary) => string | number | null];

const CELL_COLUMNS: readonly Column[] = [
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

/** RFC 4180 without a byte-order mark: one cell per record. Variables stand under `input.NAME`. */
export function csvFormat({ batch, variables: names }: ResultSource): ResultFormat {
  const shape = shapeOf(batch);
  return {
    head: () =>
      record([
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
            targetName(batch, targetIndexOf(shape, cell)),
            ...CELL_COLUMNS.map(([, value]) => value(cell)),
          ]),
        )
        .join(''),
    tail: () => '',
  };
}

function plain(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

function record(fields: readonly (string | number | null)[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

/** A spreadsheet would run a text that begins like this as a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]|^'|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
