import {
  batchShapeOf,
  comparisonCsv,
  comparisonJson,
  templateIdsOf,
  type Batch,
  type ComparisonJson,
  type ComparisonRow,
  type TargetSummary,
  type Template,
} from '../../../src-shared/domain';
import { linesPerInput } from './plan/coordinates';

/** Writes a comparison to a file, piece by piece: the same bytes as `prompter compare --out`. */
export interface ExportFormat {
  readonly extension: string;
  readonly type: string;
  open(source: { batch: Batch; templates: readonly Template[] }): ComparisonJson;
}

/** RFC 4180, one cell per record. */
export const CSV_EXPORT: ExportFormat = {
  extension: 'csv',
  type: 'text/csv',
  open: ({ batch }) => ({ ...comparisonCsv(batch), tail: () => '' }),
};

/** One document (docs/interfaces.md#a-comparison-as-json). */
export const JSON_EXPORT: ExportFormat = {
  extension: 'json',
  type: 'application/json',
  open: comparisonJson,
};

/** What an export asks of the API. */
export interface ExportSource {
  readonly batches: {
    get(input: { batch_id: string }): Promise<Batch>;
    rows(input: {
      batch_id: string;
      from: number;
      count: number;
    }): Promise<{ rows: readonly ComparisonRow[] }>;
    summary(input: { batch_id: string }): Promise<{ targets: readonly TargetSummary[] }>;
  };
  readonly templates: { get(input: { template_id: string }): Promise<Template> };
}

/** Cells per request: for typical outputs, a few hundred kilobytes. */
const CELLS_PER_PAGE = 500;
const MAX_ROWS_PER_PAGE = 200;

/** Page by page, as the store has it now: what a screen holds may be older. */
export async function* exportPieces(
  { batches, templates }: ExportSource,
  batch_id: string,
  format: ExportFormat,
): AsyncGenerator<string, void> {
  const batch = await batches.get({ batch_id });
  const all = await Promise.all(templateIdsOf(batch).map((template_id) => templates.get({ template_id })));
  const text = format.open({ batch, templates: all });
  const shape = batchShapeOf(batch);
  const cellsPerRow = linesPerInput(shape) * shape.targets;
  const count = Math.min(MAX_ROWS_PER_PAGE, Math.max(1, Math.floor(CELLS_PER_PAGE / cellsPerRow)));
  yield text.head;
  for (let from = 0; from < shape.inputs; from += count) {
    const { rows } = await batches.rows({ batch_id, from, count });
    yield rows.map((row) => text.row(row)).join('');
  }
  const { targets } = await batches.summary({ batch_id });
  yield text.tail(targets);
}
