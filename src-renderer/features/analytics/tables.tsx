import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useIntl } from 'react-intl';
import type { CostsAnswer, ErrorsAnswer, LatencyAnswer } from '../../../src-shared/domain';
import { useFormat } from '../../ui';
import type { DataTable } from './chart-section';
import { runsBehind } from './drill-down';
import { costBySlot } from './figures';
import { percent } from './percent';

/** Labels a day, or an hour in the answer's time zone. */
export function useSlotLabel(): (slot: string, zone: string) => string {
  const { locale } = useIntl();
  const format = useFormat();
  return useCallback(
    (slot, zone) =>
      slot.length === 10
        ? format.date(slot)
        : new Intl.DateTimeFormat(locale, {
            timeZone: zone,
            month: 'short',
            day: 'numeric',
            hour: 'numeric',
            minute: '2-digit',
          }).format(new Date(slot)),
    [locale, format],
  );
}

const NOTHING: DataTable = { columns: [], rows: [] };

/** Costs by slot, newest first; each links to its runs. */
export function useCostTable(costs: CostsAnswer | undefined): DataTable {
  const format = useFormat();
  const label = useSlotLabel();
  return useMemo(() => {
    if (!costs) return NOTHING;
    return {
      columns: ['When', 'Spend USD', 'Runs', 'Unpriced'],
      rows: costBySlot(costs)
        .toReversed()
        .map(({ slot, cost_usd, runs, unpriced }) => ({
          key: slot,
          cells: [
            <Link key="runs" to="/runs" search={runsBehind(costs, slot)}>
              {label(slot, costs.time_zone)}
            </Link>,
            <span key="cost" title={format.moneyExact(cost_usd)}>
              {format.money(cost_usd, 4)}
            </span>,
            format.count(runs),
            unpriced === 0 ? (
              '–'
            ) : (
              <Link key="unpriced" to="/runs" search={runsBehind(costs, slot, { counted: 'unpriced' })}>
                {format.count(unpriced)}
              </Link>
            ),
          ],
          values: [slot, cost_usd, runs, unpriced],
        })),
    };
  }, [costs, format, label]);
}

export function useLatencyTable(latency: LatencyAnswer): DataTable {
  const format = useFormat();
  const label = useSlotLabel();
  return {
    columns: ['When', 'P50', 'P95', 'Answers'],
    rows: latency.rows.toReversed().map(({ key, p50_ms, p95_ms, answered }) => ({
      key,
      cells: [
        <Link key="runs" to="/runs" search={runsBehind(latency, key)}>
          {label(key, latency.time_zone)}
        </Link>,
        format.duration(p50_ms),
        p95_ms === null ? 'needs 20 runs' : format.duration(p95_ms),
        format.count(answered),
      ],
      values: [key, p50_ms, p95_ms, answered],
    })),
  };
}

export function useOutcomesTable(errors: ErrorsAnswer): DataTable {
  const format = useFormat();
  const label = useSlotLabel();
  return {
    columns: ['When', 'Succeeded', 'Failed', 'Outcome unknown', 'Success'],
    rows: errors.rows.toReversed().map(({ key, runs, succeeded, failed, outcome_unknown }) => ({
      key,
      cells: [
        <Link key="runs" to="/runs" search={runsBehind(errors, key)}>
          {label(key, errors.time_zone)}
        </Link>,
        format.count(succeeded),
        failed === 0 ? (
          '–'
        ) : (
          <Link key="failed" to="/runs" search={runsBehind(errors, key, { status: 'failed' })}>
            {format.count(failed)}
          </Link>
        ),
        outcome_unknown === 0 ? (
          '–'
        ) : (
          <Link key="unknown" to="/runs" search={runsBehind(errors, key, { status: 'outcome_unknown' })}>
            {format.count(outcome_unknown)}
          </Link>
        ),
        percent(format, succeeded, runs),
      ],
      values: [key, succeeded, failed, outcome_unknown, runs === 0 ? null : succeeded / runs],
    })),
  };
}
