import { cellAt, type Batch } from '../../../../src-shared/domain';
import { clipped, inert, table } from '../terminal';
import type { ResultRow } from './read-rows';
import { shapeOf, targetName, type TargetSummary } from './summary';

const OUTPUT_WIDTH = 44;

/** Each answer on a line: for comparisons that fit on a screen. */
export function cellTable(batch: Batch, rows: readonly ResultRow[]): string {
  const shape = shapeOf(batch);
  const lines = rows.flatMap((row) =>
    row.cells.map((cell) => {
      const place = cellAt(shape, cell.batch_run_index ?? 0);
      const { usage } = cell;
      return [
        String(row.input_index + 1),
        clipped(targetName(batch, place.target_index), 36),
        String(place.replicate_index + 1),
        clipped(
          cell.status === 'succeeded'
            ? (cell.output_text ?? '')
            : `${cell.failure_code ?? cell.status}: ${cell.failure_message ?? ''}`,
          OUTPUT_WIDTH,
        ),
        clipped(versionText(cell.provider_version_key, cell.evidence_grade), 42),
        `${usage.input_tokens ?? '?'}/${usage.output_tokens ?? '?'}`,
        cell.cost_usd === null ? 'unpriced' : `$${cell.cost_usd}`,
        cell.latency_ms === null ? '' : `${Math.round(cell.latency_ms)} ms`,
        cell.response_output_sha256?.slice(0, 12) ?? '',
      ];
    }),
  );
  const header = [
    'row',
    'target',
    '#',
    'output',
    'version (grade)',
    'tokens in/out',
    'cost',
    'latency',
    'hash',
  ];
  return table(header, lines, new Set([0, 2, 5, 6, 7]));
}

function versionText(key: string | null, grade: string | null): string {
  return key === null ? '' : `${key} (${grade ?? 'none'})`;
}

export function summaryTable(summaries: readonly TargetSummary[]): string {
  const lines = summaries.map((sums) => [
    clipped(sums.target, 40),
    String(sums.ok),
    String(sums.failed),
    String(sums.outcome_unknown),
    `${sums.input_tokens}/${sums.output_tokens}`,
    `$${sums.cost_usd}${sums.unpriced > 0 ? ` + ${sums.unpriced} unpriced` : ''}`,
    milliseconds(sums.latency_ms.p50),
    milliseconds(sums.latency_ms.p95),
    String(sums.latency_ms.n),
    String(sums.distinct_outputs),
    inert(sums.versions.length > 1 ? `${sums.versions.length} versions!` : (sums.versions[0] ?? '')),
  ]);
  const header = [
    'target',
    'ok',
    'failed',
    'unknown',
    'tokens in/out',
    'cost',
    'P50',
    'P95',
    'n',
    'outputs',
    'version',
  ];
  return table(header, lines, new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]));
}

function milliseconds(value: number | null): string {
  return value === null ? '–' : `${Math.round(value)} ms`;
}
