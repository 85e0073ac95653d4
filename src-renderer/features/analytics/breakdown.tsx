import { SegmentedControl } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { insightRows, type InsightRow } from '../../../src-shared/domain';
import { Section, useFormat, type Format } from '../../ui';
import classes from './analytics.module.css';
import { runsBehind } from './drill-down';
import { percent } from './percent';
import { BREAKDOWNS, type Breakdown } from './search';
import type { BreakdownAnswers } from './use-answers';

const COLUMNS = [
  { id: 'label', title: 'Name' },
  { id: 'cost', title: 'Spend' },
  { id: 'runs', title: 'Runs' },
  { id: 'unpriced', title: 'Unpriced' },
  { id: 'success', title: 'Success' },
  { id: 'p50', title: 'P50' },
  { id: 'p95', title: 'P95' },
  { id: 'tokens', title: 'Tokens in/out' },
] as const;
type ColumnId = (typeof COLUMNS)[number]['id'];

const weight: Readonly<Record<Exclude<ColumnId, 'label'>, (row: InsightRow) => number>> = {
  cost: (row) => (row.cost_usd === null ? -1 : Number(row.cost_usd)),
  runs: (row) => row.runs,
  unpriced: (row) => row.unpriced,
  success: (row) => (row.runs === 0 ? -1 : row.succeeded / row.runs),
  p50: (row) => row.p50_ms ?? -1,
  p95: (row) => row.p95_ms ?? -1,
  tokens: (row) => row.input_tokens + row.output_tokens,
};

const NAMES: Readonly<Record<Breakdown, string>> = {
  template: 'Template',
  model: 'Model',
  connection: 'Connection',
};

/** Figures by template, model or connection; each links to its runs. */
export function BreakdownTable({
  answers,
  by,
  onBy,
}: {
  readonly answers: BreakdownAnswers;
  readonly by: Breakdown;
  onBy(by: Breakdown): void;
}) {
  const format = useFormat();
  const [sort, setSort] = useState<{ column: ColumnId; descending: boolean }>({
    column: 'cost',
    descending: true,
  });
  const rows = useMemo(() => sorted(insightRows(answers), sort), [answers, sort]);
  const digits = rows.some(({ cost_usd }) => cost_usd !== null && Number(cost_usd) >= 1) ? 4 : 6;
  return (
    <Section
      title="Breakdown"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Break down by"
          value={by}
          onChange={(value) => onBy(BREAKDOWNS.find((known) => known === value) ?? by)}
          data={BREAKDOWNS.map((value) => ({ value, label: NAMES[value] }))}
        />
      }
    >
      <div className={classes.tableScroll} tabIndex={0} role="group" aria-label="Breakdown, table">
        <table className={classes.table}>
          <thead>
            <tr>
              {COLUMNS.map(({ id, title }) => (
                <th
                  key={id}
                  scope="col"
                  aria-sort={sort.column !== id ? 'none' : sort.descending ? 'descending' : 'ascending'}
                >
                  <button
                    type="button"
                    className={classes.sort}
                    onClick={() =>
                      setSort({
                        column: id,
                        descending: sort.column === id ? !sort.descending : id !== 'label',
                      })
                    }
                  >
                    {id === 'label'
                      ? NAMES[by]
                      : id === 'cost' && answers.costs.simulated
                        ? 'Would cost'
                        : title}
                    {sort.column === id &&
                      (sort.descending ? (
                        <IconArrowDown size={12} aria-hidden />
                      ) : (
                        <IconArrowUp size={12} aria-hidden />
                      ))}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BreakdownRow
                key={row.key}
                row={row}
                answers={answers}
                by={by}
                format={format}
                digits={digits}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function BreakdownRow({
  row,
  answers,
  by,
  format,
  digits,
}: {
  readonly row: InsightRow;
  readonly answers: BreakdownAnswers;
  readonly by: Breakdown;
  readonly format: Format;
  readonly digits: number;
}) {
  const only = { [by === 'model' ? 'model_id' : by]: row.key };
  return (
    <tr>
      <th scope="row" title={row.label}>
        <Link to="/runs" search={runsBehind(answers.costs, null, only)}>
          {row.label}
        </Link>
      </th>
      <td title={format.moneyExact(row.cost_usd)}>{format.money(row.cost_usd, digits)}</td>
      <td>{format.count(row.runs)}</td>
      <td>
        {row.unpriced === 0 ? (
          '–'
        ) : (
          <Link
            to="/runs"
            search={runsBehind(answers.costs, null, { ...only, counted: 'unpriced' })}
            aria-label={`${format.plural(row.unpriced, 'unpriced run', 'unpriced runs')} of ${row.label}`}
          >
            {format.count(row.unpriced)}
          </Link>
        )}
      </td>
      <td>{percent(format, row.succeeded, row.runs)}</td>
      <td>{format.duration(row.p50_ms)}</td>
      <td>{format.duration(row.p95_ms)}</td>
      <td>
        {format.tokens(row.input_tokens)}/{format.tokens(row.output_tokens)}
      </td>
    </tr>
  );
}

function sorted(
  rows: readonly InsightRow[],
  { column, descending }: { column: ColumnId; descending: boolean },
): InsightRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) =>
    column === 'label'
      ? sign * a.label.localeCompare(b.label)
      : sign * (weight[column](a) - weight[column](b)) || a.label.localeCompare(b.label),
  );
}
