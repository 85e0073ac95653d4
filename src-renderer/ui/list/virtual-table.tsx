import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type RefObject,
} from 'react';
import classes from './virtual-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** A CSS grid track: `minmax(160px, 2fr)`. */
  readonly width: string;
  readonly align?: 'end';
  /** Hidden while the table is narrower than this many pixels. */
  readonly showFrom?: number;
  /** For a column that the list can be sorted by: how it is now, and what a click on its title does. */
  readonly sort?: { readonly direction: 'ascending' | 'descending' | undefined; onSort(): void };
  render(row: Row): ReactNode;
}

/** Where a row stands in a tree: 1 at the top; `expanded` is undefined for a row that has nothing below it. */
export interface TreePlace {
  readonly level: number;
  readonly expanded: boolean | undefined;
}

export interface VirtualTableHandle {
  focus(): void;
}

interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly count: number;
  readonly rowHeight: number;
  /** Undefined while the row is being fetched. */
  rowAt(index: number): Row | undefined;
  idOf(row: Row): string;
  readonly active: number;
  /** Called when keys move the cursor. */
  onActive(index: number): void;
  /** Called on a click; without it, a click moves the cursor. */
  onPick?(index: number): void;
  onOpen?(index: number): void;
  /** Called with the last visible row, so that rows can be fetched. */
  onRange?(last: number): void;
  isMuted?(row: Row): boolean;
  /** Makes it a tree. A row that is being fetched is at the top. */
  placeOf?(row: Row): TreePlace;
  readonly handle?: Ref<VirtualTableHandle>;
}

/**
 * A grid of any length: only visible rows are mounted. Focus stays on the grid, with the active row as
 * `aria-activedescendant`.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { count, rowHeight, active, onActive, onPick = onActive, onRange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const width = useWidth(scroller);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: rowHeight,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;

  useImperativeHandle(props.handle, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
  }));
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  useEffect(() => onRange?.(last), [onRange, last]);
  // Scrolls to the cursor only when it moves, not when rows arrive above it while the user reads further down.
  const activeRow = props.rowAt(active);
  const target = activeRow === undefined ? active : props.idOf(activeRow);
  const place = useRef(active);
  useEffect(() => {
    place.current = active;
  });
  useEffect(() => {
    if (target !== -1) virtual.scrollToIndex(place.current, { align: 'auto' });
  }, [virtual, target]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }[
      event.key
    ];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || count === 0) return;
    event.preventDefault();
    onActive(Math.min(count - 1, Math.max(0, active + step)));
  };

  const columns = props.columns.filter(({ showFrom = 0 }) => width >= showFrom);
  const template = columns.map((column) => column.width).join(' ');
  return (
    <div
      ref={scroller}
      className={classes.table}
      role={props.placeOf ? 'treegrid' : 'grid'}
      data-keys={props.placeOf && 'tree'}
      aria-label={props.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={items.some((item) => item.index === active) ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <div
              key={column.id}
              role="columnheader"
              className={classes.cell}
              data-align={column.align}
              aria-sort={column.sort && (column.sort.direction ?? 'none')}
            >
              <Title column={column} />
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = props.rowAt(item.index);
          const inTree = row === undefined ? TOP : props.placeOf?.(row);
          return (
            <div
              key={item.key}
              id={`${id}-${item.index}`}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={item.index === active}
              {...(props.placeOf && { 'aria-level': inTree?.level, 'aria-expanded': inTree?.expanded })}
              className={classes.row}
              data-muted={row !== undefined && props.isMuted?.(row) ? true : undefined}
              style={{
                gridTemplateColumns: template,
                height: rowHeight,
                transform: `translateY(${item.start}px)`,
              }}
              onClick={() => onPick(item.index)}
              onDoubleClick={() => props.onOpen?.(item.index)}
            >
              {columns.map((column) => (
                <div key={column.id} role="gridcell" className={classes.cell} data-align={column.align}>
                  {row === undefined ? <span className={classes.pending} /> : column.render(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const TOP: TreePlace = { level: 1, expanded: undefined };

function Title<Row>({ column: { title, sort } }: { readonly column: Column<Row> }) {
  if (!sort) return title;
  return (
    <button type="button" className={classes.sort} onClick={sort.onSort}>
      {title}
      <span aria-hidden>
        {sort.direction === undefined ? '' : sort.direction === 'ascending' ? ' ↑' : ' ↓'}
      </span>
    </button>
  );
}

/** The element's inner width, known before the first paint, so that columns do not jump. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    setWidth(node.clientWidth);
    const observer = new ResizeObserver(() => setWidth(node.clientWidth));
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
