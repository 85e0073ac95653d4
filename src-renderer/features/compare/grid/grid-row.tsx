import { ActionIcon } from '@mantine/core';
import {
  IconArrowsMaximize,
  IconArrowsMinimize,
  IconChevronDown,
  IconChevronRight,
} from '@tabler/icons-react';
import { memo, type Ref } from 'react';
import type { Variables } from '../../../../src-shared/domain';
import { useViewVersion, type BatchView } from '../batch-view';
import { cellIndex, placeOfLine } from '../plan/coordinates';
import { GridCell } from './grid-cell';
import { repeatsAt, toggleExpanded, toggleRepeats, useGrid, useGridStore } from './grid-store';
import classes from '../compare.module.css';

interface GridRowProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly gridId: string;
  readonly row: number;
  readonly line: number;
  readonly top: number;
  readonly height: number;
  readonly template: string;
  readonly view: BatchView;
  /** The visible columns. */
  readonly targets: readonly number[];
  /** The active column when this row is active, else -1. */
  readonly activeTarget: number;
}

/** One input with every model's answer; includes the repeats while they are folded. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { gridId, row, line, top, height, template, view, targets, activeTarget } = props;
  const expanded = useGrid((state) => state.expanded.has(line));
  const repeats = useGrid((state) => repeatsAt(state, line));
  return (
    <div
      ref={props.ref}
      data-index={row}
      role="row"
      aria-rowindex={row + 2}
      className={classes.row}
      data-expanded={expanded || undefined}
      style={{
        gridTemplateColumns: template,
        transform: `translateY(${top}px)`,
        ...(expanded ? { minHeight: height } : { height }),
      }}
    >
      <InputCell view={view} line={line} expanded={expanded} />
      {targets.map((target) => (
        <GridCell
          key={target}
          id={`${gridId}-${row}-${target}`}
          view={view}
          index={cellIndex(view.shape, line, target)}
          repeats={repeats}
          line={line}
          row={row}
          target={target}
          active={target === activeTarget}
        />
      ))}
    </div>
  );
});

interface InputCellProps {
  readonly view: BatchView;
  readonly line: number;
  readonly expanded: boolean;
}

function InputCell({ view, line, expanded }: InputCellProps) {
  const store = useGridStore();
  useViewVersion(view);
  const place = placeOfLine(view.shape, line);
  const variables = view.variables(place.input);
  const label = expanded ? 'Collapse this row' : 'Expand this row';
  return (
    <div role="rowheader" className={classes.input}>
      <div className={classes.inputHead}>
        <span>{place.input + 1}</span>
        {view.shape.replicates > 1 && <Repeats view={view} line={line} />}
        {view.shape.locales > 1 && <span>locale {place.locale + 1}</span>}
        {view.shape.modes > 1 && <span>mode {place.mode + 1}</span>}
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          tabIndex={-1}
          aria-label={label}
          title={`${label} (o)`}
          onClick={() => toggleExpanded(store, line)}
        >
          {expanded ? (
            <IconArrowsMinimize size={13} aria-hidden />
          ) : (
            <IconArrowsMaximize size={13} aria-hidden />
          )}
        </ActionIcon>
      </div>
      <div className={classes.inputText}>{variables ? <InputValues variables={variables} /> : null}</div>
    </div>
  );
}

/** Says which repeat the row is, or how many are folded into it. */
function Repeats({ view, line }: { readonly view: BatchView; readonly line: number }) {
  const store = useGridStore();
  const { replicates } = view.shape;
  const isFolded = useGrid((state) => repeatsAt(state, line) > 1);
  const Icon = isFolded ? IconChevronRight : IconChevronDown;
  return (
    <button
      type="button"
      className={classes.repeats}
      tabIndex={-1}
      aria-expanded={!isFolded}
      title={isFolded ? `Show the ${replicates} repeats (x)` : 'Collapse the repeats into one row (x)'}
      onClick={() => toggleRepeats(store, line)}
    >
      <Icon size={12} aria-hidden />
      {isFolded
        ? `× ${replicates}`
        : `repeat ${placeOfLine(view.shape, line).replicate + 1} of ${replicates}`}
    </button>
  );
}

function InputValues({ variables }: { readonly variables: Variables }) {
  const entries = Object.entries(variables);
  if (entries.length === 0) return <span className={classes.quiet}>no variables</span>;
  return entries.map(([name, value]) => (
    <div key={name} dir="auto">
      <span className={classes.quiet}>{name}</span>{' '}
      {typeof value === 'string' ? value : JSON.stringify(value)}
    </div>
  ));
}
