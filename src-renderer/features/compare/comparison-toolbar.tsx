import { SegmentedControl, Select } from '@mantine/core';
import { IconDownload, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useRef } from 'react';
import { columnNames, type Batch } from '../../../src-shared/domain';
import { CommandButton, runCommand, useCommands, useCommandState } from '../../commands';
import { FilterInput, useFormat } from '../../ui';
import { isHaltedByDrift } from './drift-banner';
import { shownColumn } from './left-out';
import {
  CELL_HEIGHTS,
  ROW_FILTERS,
  ROW_SORTS,
  toggleBaseline,
  useGrid,
  useGridStore,
  type RowFilter,
  type RowSort,
} from './grid/grid-store';
import classes from './compare.module.css';

const FILTER_NAMES: Readonly<Record<RowFilter, string>> = {
  all: 'All',
  different: 'Different',
  errors: 'Errors',
  slow: 'Slow',
};

const SORT_NAMES: Readonly<Record<RowSort, string>> = {
  plan: 'As planned',
  latency: 'Slowest first',
  cost: 'Most expensive first',
  tokens: 'Most tokens first',
  status: 'Failures first',
  difference: 'Most different first',
};

/** Filters and view options of the grid. */
export function ViewBar({ batch }: { readonly batch: Batch }) {
  const store = useGridStore();
  const filter = useGrid((state) => state.filter);
  const mode = useGrid((state) => state.mode);
  const baseline = useGrid((state) => state.baseline);
  const sort = useGrid((state) => state.sort);
  const cellHeight = useGrid((state) => state.cellHeight);
  const hidden = useGrid((state) => state.hidden.size);
  const format = useFormat();
  const many = batch.targets.length > 1;
  return (
    <div className={classes.viewBar}>
      <SegmentedControl
        aria-label="Rows to show"
        data={ROW_FILTERS.filter((value) => many || value !== 'different').map((value) => ({
          value,
          label: FILTER_NAMES[value],
        }))}
        value={filter}
        onChange={(value) => runCommand(`grid.${ROW_FILTERS.find((known) => known === value) ?? 'all'}`)}
      />
      {many && (
        <>
          <Select
            className={classes.baseline}
            aria-label="Baseline"
            placeholder="No baseline (b)"
            clearable
            data={columnNames(batch.targets).map((name, index) => ({
              value: String(index),
              label: `vs ${shownColumn(name)}`,
            }))}
            value={baseline === null ? null : String(baseline)}
            onChange={(value) => toggleBaseline(store, value === null ? (baseline ?? 0) : Number(value))}
          />
          <SegmentedControl
            aria-label="Outputs as"
            disabled={baseline === null}
            data={[
              { value: 'text', label: 'Output' },
              { value: 'diff', label: 'Diff' },
            ]}
            value={mode}
            onChange={(value) => store.setState({ mode: value === 'diff' ? 'diff' : 'text' })}
          />
        </>
      )}
      <Select
        className={classes.sort}
        aria-label="Sort rows"
        allowDeselect={false}
        data={ROW_SORTS.filter((value) => many || value !== 'difference').map((value) => ({
          value,
          label: SORT_NAMES[value],
        }))}
        value={sort}
        onChange={(value) => store.setState({ sort: ROW_SORTS.find((known) => known === value) ?? 'plan' })}
      />
      <SearchOutputs />
      <SegmentedControl
        aria-label="Row height"
        data={[...CELL_HEIGHTS]}
        value={cellHeight}
        onChange={(value) =>
          store.setState({ cellHeight: CELL_HEIGHTS.find((known) => known === value) ?? 'M' })
        }
      />
      {hidden > 0 && (
        <CommandButton id="grid.showColumns" showKeys>
          {format.plural(hidden, 'column', 'columns')} hidden: show
        </CommandButton>
      )}
      <FilterState />
      <div className={classes.viewEnd}>
        <CommandButton id="batch.exportCsv" leftSection={<IconDownload size={14} aria-hidden />}>
          CSV
        </CommandButton>
        <CommandButton id="batch.exportJson" leftSection={<IconDownload size={14} aria-hidden />}>
          JSON
        </CommandButton>
      </div>
    </div>
  );
}

/** The search field behind `f`: finds rows whose output contains the text. */
function SearchOutputs() {
  const store = useGridStore();
  const search = useGrid((state) => state.search);
  const input = useRef<HTMLInputElement>(null);
  useCommands({ 'list.search': () => input.current?.focus() });
  return (
    <FilterInput
      className={classes.search}
      aria-label="Search in outputs"
      placeholder="Search outputs (f)"
      value={search}
      delayMs={200}
      input={input}
      onFilter={(text) =>
        store.setState({ search: text ?? '', active: { row: 0, target: store.getState().active.target } })
      }
    />
  );
}

function FilterState() {
  const format = useFormat();
  const filter = useGrid((state) => state.filter);
  const found = useGrid((state) => state.lines?.length ?? 0);
  const scanned = useGrid((state) => state.scanned);
  const all = useGrid((state) => state.view.shape.inputs);
  const search = useGrid((state) => state.search);
  const sort = useGrid((state) => state.sort);
  if (filter === 'all' && search === '' && sort === 'plan') return null;
  return (
    <span className={classes.counts} role="status">
      {format.plural(found, 'row', 'rows')}
      {scanned < all && ` in the first ${format.count(scanned)} of ${format.count(all)} inputs`}
    </span>
  );
}

/** Shows only enabled actions; the palette lists the others with reasons. */
export function BatchActions({ batch }: { readonly batch: Batch }) {
  const pause = useCommandState('batch.pause').disabled === null;
  // Halted by drift, or with calls in doubt, resuming is a decision that the banner explains.
  const decides = isHaltedByDrift(batch) || batch.counts.outcome_unknown > 0;
  const resume = useCommandState('batch.resume').disabled === null && !decides;
  const retry = useCommandState('batch.retryFailed').disabled === null;
  const cancel = useCommandState('batch.cancel').disabled === null && !decides;
  return (
    <>
      {pause && (
        <CommandButton id="batch.pause" leftSection={<IconPlayerPause size={14} aria-hidden />} showKeys>
          Pause
        </CommandButton>
      )}
      {resume && (
        <CommandButton
          id="batch.resume"
          variant="filled"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          showKeys
        >
          Resume
        </CommandButton>
      )}
      {retry && <CommandButton id="batch.retryFailed" />}
      {cancel && <CommandButton id="batch.cancel">Cancel rest</CommandButton>}
    </>
  );
}
