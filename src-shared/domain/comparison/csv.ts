import { batchShapeOf, cellAt, type Batch } from '../batch';
import { csvRecord, type CsvValue } from '../csv';
import type { RunSummary } from '../run';
import { targetNames, type BatchColumn } from './column';

/** Fields that other columns cover (target, tokens), or that only screens show. */
type LeftOut =
  | 'kind'
  | 'template_id'
  | 'batch_id'
  | 'batch_run_index'
  | 'provider'
  | 'connection_id'
  | 'model_id'
  | 'output_json_valid'
  | 'thinking_text'
  | 'finish_reason'
  | 'usage'
  | 'first_byte_ms'
  | 'simulated';
/** Every other field of a summary is a column: without it, a new one does not compile. */
type CellColumn = Exclude<keyof RunSummary, LeftOut> | 'input_tokens' | 'output_tokens';

const CELL_VALUES: Readonly<Record<CellColumn, (cell: RunSummary) => CsvValue>> = {
  replicate_index: (cell) => cell.replicate_index,
  status: (cell) => cell.status,
  failure_code: (cell) => cell.failure_code,
  failure_message: (cell) => cell.failure_message,
  output_text: (cell) => cell.output_text,
  tool_calls: (cell) => (cell.tool_calls === null ? null : JSON.stringify(cell.tool_calls)),
  provider_version_key: (cell) => cell.provider_version_key,
  evidence_grade: (cell) => cell.evidence_grade,
  input_tokens: (cell) => cell.usage.input_tokens,
  output_tokens: (cell) => cell.usage.output_tokens,
  cost_usd: (cell) => cell.cost_usd,
  latency_ms: (cell) => cell.latency_ms,
  response_output_sha256: (cell) => cell.response_output_sha256,
  raw_response_sha256: (cell) => cell.raw_response_sha256,
  run_id: (cell) => cell.run_id,
  executed_at: (cell) => cell.executed_at,
  review_action: (cell) => cell.review_action,
};
const CELL_COLUMNS = Object.entries(CELL_VALUES);

/** What a cell's column is made of, whether or not its name says it. */
const TARGET_COLUMNS: readonly (readonly [string, (column: BatchColumn) => CsvValue])[] = [
  ['template_name', (column) => column.template_name],
  ['version_number', (column) => column.version_number],
  ['inference_params', (column) => JSON.stringify(column.inference_params)],
];

export interface ComparisonCsv {
  readonly head: string;
  /** The cells of one input, one record each. */
  row(row: {
    readonly input_index: number;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly cells: readonly RunSummary[];
  }): string;
}

/** A comparison as CSV, piece by piece: one cell per record, the variables `names` under `input.NAME`. */
export function comparisonCsv(batch: Batch, names: readonly string[] = batch.variables): ComparisonCsv {
  const shape = batchShapeOf(batch);
  const targets = targetNames(batch.targets);
  const targetValues = ({ batch_run_index }: RunSummary): CsvValue[] => {
    const index = batch_run_index === null ? -1 : cellAt(shape, batch_run_index).target_index;
    const column = batch.targets[index];
    return [targets[index] ?? null, ...TARGET_COLUMNS.map(([, value]) => (column ? value(column) : null))];
  };
  return {
    head: csvRecord([
      'input_index',
      ...names.map((name) => `input.${name}`),
      'target',
      ...TARGET_COLUMNS.map(([name]) => name),
      ...CELL_COLUMNS.map(([name]) => name),
    ]),
    row: ({ input_index, variables, cells }) =>
      cells
        .map((cell) =>
          csvRecord([
            input_index,
            ...names.map((name) => plain(variables[name])),
            ...targetValues(cell),
            ...CELL_COLUMNS.map(([, value]) => value(cell)),
          ]),
        )
        .join(''),
  };
}

function plain(value: unknown): CsvValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}
