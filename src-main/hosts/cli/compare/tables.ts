import {
  type Batch,
  batchShapeOf,
  cellAt,
  type ComparisonRow,
  costInWords,
  REVIEW_DECISIONS,
  shownOutput,
  sumInWords,
  targetNames,
  type TargetSummary,
  tokensInWords,
  versionName,
} from '../../../../src-shared/domain';
import { table, type Column } from '../table';

const TARGET: Column = { title: 'target', min: 16, keep: 'end' };

const CELL_COLUMNS: readonly Column[] = [
  { title: 'row', align: 'right' },
  TARGET,
  { title: '#', align: 'right' },
  { title: 'version (grade)', min: 30 },
  { title: 'tokens', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'latency', align: 'right', dispensable: 1 },
  { title: 'hash', dispensable: 2 },
];
const REVIEW: Column = { title: 'review' };

/** Each answer with its tokens in and out, and its text on a line below: for comparisons that fit on a screen. */
export function cellTable(batch: Batch, rows: readonly ComparisonRow[], width: number): string {
  const shape = batchShapeOf(batch);
  const names = targetNames(batch.targets);
  // A comparison that nobody had to look at has no column for it.
  const isReviewed = rows.some(({ cells }) => cells.some(({ review_action }) => review_action !== null));
  const lines = rows.flatMap((row) =>
    row.cells.map((cell) => {
      const place = cellAt(shape, cell.batch_run_index ?? 0);
      return {
        cells: [
          String(row.input_index + 1),
          names[place.target_index] ?? '?',
          String(place.replicate_index + 1),
          versionText(cell.provider_version_key, cell.evidence_grade),
          tokensInWords(cell),
          costInWords(cell),
          milliseconds(cell.latency_ms),
          cell.response_output_sha256?.slice(0, 8) ?? '',
          ...(isReviewed ? [cell.review_action === null ? '' : REVIEW_DECISIONS[cell.review_action]] : []),
        ],
        detail:
          cell.status === 'succeeded'
            ? (shownOutput(cell) ?? '')
            : `${cell.failure_code ?? cell.status}: ${cell.failure_message ?? ''}`,
      };
    }),
  );
  return table(isReviewed ? [...CELL_COLUMNS, REVIEW] : CELL_COLUMNS, lines, width);
}

function versionText(key: string | null, grade: string | null): string {
  return key === null ? '' : `${key} (${grade ?? 'none'})`;
}

const SUMMARY_COLUMNS: readonly Column[] = [
  TARGET,
  { title: 'ok', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'unknown', align: 'right' },
  { title: 'tokens', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'P50', align: 'right' },
  { title: 'P95', align: 'right', dispensable: 1 },
  { title: 'n', align: 'right', dispensable: 2 },
  { title: 'distinct', align: 'right', dispensable: 3 },
];

/** Each target's sums, with the versions that answered on a line below. */
export function summaryTable(summaries: readonly TargetSummary[], width: number): string {
  const lines = summaries.map((sums) => ({
    cells: [
      sums.target,
      String(sums.ok),
      String(sums.failed),
      String(sums.outcome_unknown),
      `${sums.input_tokens}/${sums.output_tokens}`,
      sumInWords(sums.cost_usd, sums.unpriced),
      milliseconds(sums.latency_ms.p50),
      milliseconds(sums.latency_ms.p95),
      String(sums.latency_ms.n),
      String(sums.distinct_outputs),
    ],
    detail: versionsText(sums.versions),
  }));
  return table(SUMMARY_COLUMNS, lines, width);
}

function versionsText(versions: readonly string[]): string {
  if (versions.length === 0) return 'no version known';
  return `${versions.length > 1 ? `${versions.length} versions! ` : ''}${versions.map(versionName).join(', ')}`;
}

function milliseconds(value: number | null): string {
  return value === null ? '–' : `${Math.round(value)} ms`;
}
