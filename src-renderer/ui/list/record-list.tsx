import type { ComponentProps, ReactNode } from 'react';
import { ListStates } from './list-states';
import { VirtualTable } from './virtual-table';

type Table<Row> = ComponentProps<typeof VirtualTable<Row>>;

interface RecordListProps<Row> extends Pick<
  Table<Row>,
  'label' | 'columns' | 'rowHeight' | 'idOf' | 'isMuted' | 'placeOf' | 'handle'
> {
  /** What failed, in the words of the screen: `The runs could not be loaded`. */
  readonly failed: string;
  readonly list: {
    readonly rows: readonly Row[];
    readonly total?: number;
    readonly loaded: boolean;
    readonly failure: ComponentProps<typeof ListStates>['failure'];
    retry(): void;
    onRange(last: number): void;
  };
  readonly cursor: {
    readonly active: number;
    moveTo(index: number): void;
    open(index: number): void;
  };
  /** Shown in place of an empty list. */
  readonly empty: ReactNode;
  /** One click if the record opens beside the list, two if it replaces the list. */
  readonly openBy: 'click' | 'double click';
}

/** A paged list of records with a keyboard cursor; the screen supplies query, columns and empty state. */
export function RecordList<Row>({ failed, list, cursor, empty, openBy, ...table }: RecordListProps<Row>) {
  const { rows, total = rows.length } = list;
  return (
    <ListStates
      title={failed}
      failure={list.failure}
      onRetry={list.retry}
      loaded={list.loaded}
      empty={total === 0 && empty}
    >
      <VirtualTable
        {...table}
        count={total}
        rowAt={(index) => rows[index]}
        active={cursor.active}
        onActive={cursor.moveTo}
        onRange={list.onRange}
        {...(openBy === 'click' ? { onPick: cursor.open } : { onOpen: cursor.open })}
      />
    </ListStates>
  );
}
