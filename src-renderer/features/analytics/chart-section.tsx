import { Button, SegmentedControl } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { csvRecord, type CsvValue } from '../../../src-shared/domain';
import { saveFile, Section } from '../../ui';
import classes from './analytics.module.css';

export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly key: string;
    readonly cells: readonly ReactNode[];
    /** The row's exact values. */
    readonly values: readonly CsvValue[];
  }[];
}

/** A chart, with its figures as a table and as a CSV file. */
export function ChartSection({
  title,
  file,
  table,
  actions,
  children,
}: {
  readonly title: string;
  readonly file: string;
  readonly table: DataTable;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const [view, setView] = useState('chart');
  return (
    <Section
      title={title}
      actions={
        <>
          {actions}
          <SegmentedControl
            size="xs"
            aria-label={`${title}, as`}
            value={view}
            onChange={setView}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
          <Button
            size="xs"
            variant="default"
            aria-label={`${title}: download as CSV`}
            onClick={() => saveCsv(file, table)}
          >
            CSV
          </Button>
        </>
      }
    >
      {view === 'chart' ? children : <FigureTable title={title} table={table} />}
    </Section>
  );
}

export function saveCsv(name: string, { columns, rows }: DataTable): void {
  const text = csvRecord(columns) + rows.map(({ values }) => csvRecord(values)).join('');
  saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${name}.csv`);
}

function FigureTable({ title, table }: { readonly title: string; readonly table: DataTable }) {
  return (
    <div className={classes.tableScroll} tabIndex={0} role="group" aria-label={`${title}, table`}>
      <table className={classes.table}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th key={table.columns[index]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={table.columns[index]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
