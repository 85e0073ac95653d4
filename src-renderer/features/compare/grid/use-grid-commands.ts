import { showNotice, useCommands } from '../../../commands';
import { useRowFilter } from './use-row-filter';
import {
  CELL_HEIGHTS,
  hideTarget,
  inspectActive,
  lineAt,
  moveActive,
  ROW_SORTS,
  toggleBaseline,
  toggleExpanded,
  toggleRepeats,
  useGrid,
  useGridStore,
  type RowFilter,
} from './grid-store';

/** The grid's commands. */
export function useGridCommands(): void {
  const store = useGridStore();
  const baseline = useGrid((state) => state.baseline);
  const targets = useGrid((state) => state.view.shape.targets);
  const replicates = useGrid((state) => state.view.shape.replicates);
  const hidden = useGrid((state) => state.hidden.size);
  useRowFilter();
  const filter = (to: RowFilter) => (): void =>
    store.setState({ filter: to, active: { row: 0, target: store.getState().active.target } });

  useCommands({
    'grid.up': () => moveActive(store, -1, 0),
    'grid.down': () => moveActive(store, 1, 0),
    'grid.left': () => moveActive(store, 0, -1),
    'grid.right': () => moveActive(store, 0, 1),
    'list.next': () => moveActive(store, 1, 0),
    'list.previous': () => moveActive(store, -1, 0),
    'cell.inspect': () => {
      if (!inspectActive(store)) showNotice('This cell has no stored run yet.');
    },
    'grid.baseline': {
      run: () => toggleBaseline(store, store.getState().active.target),
      disabled: targets < 2 ? 'There is only one column.' : undefined,
    },
    'grid.diff': {
      run: () => store.setState(({ mode }) => ({ mode: mode === 'text' ? 'diff' : 'text' })),
      disabled: baseline === null ? 'Choose a baseline first (b).' : undefined,
    },
    'grid.expand': () => {
      const state = store.getState();
      const line = lineAt(state, state.active.row);
      if (line >= 0) toggleExpanded(store, line);
    },
    'grid.repeats': {
      run: () => {
        const state = store.getState();
        const line = lineAt(state, state.active.row);
        if (line >= 0) toggleRepeats(store, line);
      },
      disabled: replicates < 2 ? 'Each input ran once.' : undefined,
    },
    'grid.sort': () => store.setState(({ sort }) => ({ sort: after(ROW_SORTS, sort) })),
    'grid.height': () =>
      store.setState(({ cellHeight }) => ({ cellHeight: after(CELL_HEIGHTS, cellHeight) })),
    'grid.hide': {
      run: () => hideTarget(store, store.getState().active.target),
      disabled: targets - hidden < 2 ? 'Only one column is shown.' : undefined,
    },
    'grid.showColumns': {
      run: () => store.setState({ hidden: new Set() }),
      disabled: hidden === 0 ? 'No columns are hidden.' : undefined,
    },
    'grid.all': () => {
      filter('all')();
      store.setState({ search: '' });
    },
    'grid.different': {
      run: filter('different'),
      disabled: targets < 2 ? 'There is only one column.' : undefined,
    },
    'grid.errors': filter('errors'),
    'grid.slow': filter('slow'),
  });
}

/** The next value, wrapping around. */
function after<Value>(all: readonly Value[], value: Value): Value {
  return all[(all.indexOf(value) + 1) % all.length] ?? value;
}
