import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, type KeyboardEvent } from 'react';
import type { Batch } from '../../../../src-shared/domain';
import { preferences } from '../../../preferences';
import { CommandButton } from '../../../commands';
import { Empty, FailureView, isPageHeading, useFormat } from '../../../ui';
import { useViewVersion, type BatchView } from '../batch-view';
import { ColumnHeader } from './column-header';
import { linesPerInput } from '../plan/coordinates';
import { GridRow } from './grid-row';
import {
  lineAt,
  moveActive,
  shownRows,
  shownTargets,
  useGrid,
  useGridStore,
  type RowFilter,
} from './grid-store';
import classes from '../compare.module.css';

const INPUT_WIDTH = 220;
const COLUMN_MIN = 250;
/** Room for three or five whole lines of output, its cost and version; a tall row shows three times as many lines. */
const ROW_HEIGHTS = {
  compact: { S: 73, M: 109, L: 217 },
  comfortable: { S: 91, M: 145, L: 289 },
} as const;

const NOTHING: Readonly<Record<RowFilter, string>> = {
  all: 'No rows',
  different: 'No differences',
  errors: 'No errors',
  slow: 'No slow rows',
};

interface CompareGridProps {
  readonly batch: Batch;
  readonly view: BatchView;
}

/**
 * Inputs down, models across. Only visible rows are mounted; focus stays on the grid, with the active cell as
 * `aria-activedescendant`.
 */
export function CompareGrid(props: CompareGridProps) {
  const density = preferences((state) => state.density);
  const cellHeight = useGrid((state) => state.cellHeight);
  const height = ROW_HEIGHTS[density][cellHeight];
  // A new height remounts the grid: measured heights of expanded rows would be wrong.
  return <Grid key={height} {...props} height={height} />;
}

function Grid({ batch, view, height }: CompareGridProps & { readonly height: number }) {
  const store = useGridStore();
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const inspected = useGrid((state) => state.inspected);
  const rows = useGrid(shownRows);
  const filter = useGrid((state) => state.filter);
  const search = useGrid((state) => state.search);
  const scanning = useGrid((state) => state.scanning);
  const scanned = useGrid((state) => state.scanned);
  const format = useFormat();
  const hidden = useGrid((state) => state.hidden);
  // Folding repeats moves rows even if their number stays the same.
  useGrid((state) => state.unfolded);
  const isNarrowed = useGrid(({ lines }) => lines !== null);
  const active = useGrid((state) => state.active);
  const targets = useMemo(() => shownTargets({ view, hidden }), [view, hidden]);
  useViewVersion(view);

  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 3,
    getItemKey: (row) => lineAt(store.getState(), row),
    scrollPaddingStart: 96,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const perInput = linesPerInput(view.shape);

  useEffect(() => {
    virtual.scrollToIndex(active.row, { align: 'auto' });
  }, [virtual, active.row]);
  useEffect(() => {
    if (isNarrowed) return;
    const state = store.getState();
    void view.ensure(Math.floor(lineAt(state, first) / perInput), Math.floor(lineAt(state, last) / perInput));
  });
  // Takes focus on mount, since its keys need it, unless something else already has focus.
  useEffect(() => {
    const { activeElement } = document;
    if (activeElement === document.body || isPageHeading(activeElement))
      scroller.current?.focus({ preventScroll: true });
  }, []);
  const isDrawn = items.some((item) => item.index === active.row);
  const shown = useRef<readonly unknown[]>([]);
  useEffect(() => {
    if (shown.current[0] === active && shown.current[1] === inspected) return;
    // A distant row is mounted one render after the scroll above.
    const cell = document.getElementById(`${id}-${active.row}-${active.target}`);
    if (!cell) return;
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    shown.current = [active, inspected];
  });

  /** Grid keys other than the arrows, which are commands. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const whole = event.ctrlKey || event.metaKey;
    const far = batch.targets.length;
    const step = {
      PageDown: { down: page, right: 0 },
      PageUp: { down: -page, right: 0 },
      Home: { down: whole ? -rows : 0, right: -far },
      End: { down: whole ? rows : 0, right: far },
    }[event.key];
    if (!step || event.altKey) return;
    event.preventDefault();
    moveActive(store, step.down, step.right);
  };

  const failure = view.failure();
  const template = `${INPUT_WIDTH}px repeat(${targets.length}, minmax(${COLUMN_MIN}px, 1fr))`;
  const minWidth = INPUT_WIDTH + COLUMN_MIN * targets.length;
  return (
    <>
      {failure && (
        <FailureView
          inline
          title="Some rows could not be loaded"
          {...failure}
          onRetry={() => {
            view.forget();
          }}
        />
      )}
      <div
        ref={scroller}
        className={classes.grid}
        role="grid"
        aria-label="Comparison"
        aria-rowcount={rows + 1}
        aria-colcount={targets.length + 1}
        aria-activedescendant={isDrawn ? `${id}-${active.row}-${active.target}` : undefined}
        tabIndex={0}
        data-keys="grid"
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={classes.head} style={{ minWidth }}>
          <div
            role="row"
            aria-rowindex={1}
            className={classes.headRow}
            style={{ gridTemplateColumns: template }}
          >
            <div role="columnheader" className={classes.corner}>
              Input
            </div>
            {batch.targets.map(
              (target) =>
                targets.includes(target.target_index) && (
                  <ColumnHeader key={target.target_index} batch={batch} target={target} />
                ),
            )}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize(), minWidth }}>
          {items.map((item) => (
            <GridRow
              key={item.key}
              ref={virtual.measureElement}
              gridId={id}
              row={item.index}
              line={Number(item.key)}
              top={item.start}
              height={height}
              template={template}
              view={view}
              targets={targets}
              activeTarget={item.index === active.row ? active.target : -1}
            />
          ))}
        </div>
        {rows === 0 && isNarrowed && !scanning && (
          <Empty
            title={search === '' ? NOTHING[filter] : `Nothing matches “${search}”`}
            actions={<CommandButton id="grid.all" showKeys />}
          >
            {scanned < view.shape.inputs &&
              `In the first ${format.count(scanned)} of ${format.count(view.shape.inputs)} inputs; the others were not searched.`}
          </Empty>
        )}
      </div>
    </>
  );
}
