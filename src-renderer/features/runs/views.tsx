import { Button, Group, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { RunsSearch } from '../../addresses';
import { showNotice } from '../../commands';
import { preferences, type RunsView } from '../../preferences';
import { Dialog } from '../../ui';
import { readFilters } from './filters';
import classes from './runs.module.css';

type Filters = Omit<RunsSearch, 'run'>;

interface ViewProps {
  readonly search: RunsSearch;
  onPick(filters: Filters): void;
}

/** The filters in the address. */
function setFilters({ run: _, ...search }: RunsSearch): RunsView['filters'] {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined),
  );
}

function sameView(a: RunsView['filters'], b: RunsView['filters']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Selects a saved view; names the current one. */
export function ViewPicker({ search, onPick }: ViewProps) {
  const views = preferences((state) => state.runsViews);
  if (views.length === 0) return null;
  const now = setFilters(search);
  return (
    <Select
      className={classes.filter}
      aria-label="View"
      placeholder="Choose a view"
      data={views.map(({ name }) => name)}
      value={views.find(({ filters }) => sameView(filters, now))?.name ?? null}
      onChange={(name) => {
        const view = views.find((known) => known.name === name);
        if (view) onPick(view.filters);
      }}
    />
  );
}

interface ViewsDialogProps extends ViewProps {
  onClose(): void;
}

/** Saves the current filters under a name; shows and removes saved views. */
export function ViewsDialog({ search, onPick, onClose }: ViewsDialogProps) {
  const views = preferences((state) => state.runsViews);
  const [name, setName] = useState('');
  const { any, problems } = readFilters(search);
  const nothing = !any || problems.length > 0;
  const keep = (runsViews: readonly RunsView[]): void => {
    preferences.setState({ runsViews });
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '' || nothing) return;
    keep([...views.filter((view) => view.name !== wanted), { name: wanted, filters: setFilters(search) }]);
    showNotice(`View “${wanted}” saved.`);
    onClose();
  };
  return (
    <Dialog onClose={onClose} title="Saved views">
      <form onSubmit={save}>
        <Group align="flex-end" gap="sm">
          <TextInput
            className={classes.viewName}
            label="Save the current filters as"
            description={
              problems.length > 0
                ? 'Remove the invalid filters first.'
                : nothing
                  ? 'Set a filter first.'
                  : 'A view with the same name is replaced.'
            }
            data-autofocus
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" disabled={nothing || name.trim() === ''}>
            Save view
          </Button>
        </Group>
      </form>
      {views.length > 0 && (
        <ul className={classes.views} aria-label="Saved views">
          {views.map((view) => (
            <li key={view.name}>
              <span>{view.name}</span>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Show ${view.name}`}
                onClick={() => {
                  onPick(view.filters);
                  onClose();
                }}
              >
                Show
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Remove ${view.name}`}
                onClick={() => keep(views.filter((known) => known !== view))}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
