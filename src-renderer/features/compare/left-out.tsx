import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  columnNames,
  type ColumnName,
  type LeftOutColumn,
  UNKNOWN_VERSION_KEY,
  versionName,
} from '../../../src-shared/domain';
import { CommandButton, showNotice, useCommands } from '../../commands';
import { api, changeNotice, orpc } from '../../rpc';
import { Note } from '../../ui';
import classes from './drift-banner.module.css';

interface LeftOutProps {
  readonly columns: readonly LeftOutColumn[];
  /** What to do about it, once it is mended. */
  readonly next?: string;
}

/** Columns that do not run because other versions of their models answer than they are pinned to, with what mends it. */
export function LeftOut({ columns, next }: LeftOutProps) {
  const queryClient = useQueryClient();
  const mend = useMutation({
    mutationFn: async ({ how, of }: { how: 'accept' | 'unpin'; of: readonly LeftOutColumn[] }) => {
      for (const { template_id, provider, model_id, mismatch } of of) {
        const pin = { template_id, provider, model_id, note: NOTES[how] };
        if (how === 'unpin') await api.versions.unpin(pin);
        else await api.versions.pin({ ...pin, provider_version_key: mismatch.actual });
      }
      return how;
    },
    onSuccess: (how) => {
      void queryClient.invalidateQueries({ queryKey: orpc.versions.key() });
      void queryClient.invalidateQueries({ queryKey: orpc.batches.estimate.key() });
      const done = how === 'unpin' ? 'Unpinned: any version is accepted.' : 'Pinned to what answers now.';
      showNotice(next === undefined ? done : `${done} ${next}`);
    },
    onError: (error) => showNotice(changeNotice(error, 'The pin was not changed')),
  });
  const acceptable = columns.filter(
    ({ mismatch }) => canPin(mismatch) && mismatch.actual !== UNKNOWN_VERSION_KEY,
  );
  useCommands({
    'compare.accept': {
      run: () => mend.mutate({ how: 'accept', of: acceptable }),
      disabled: mend.isPending
        ? 'Already being pinned.'
        : acceptable.length === 0
          ? 'No column is left out for a version that could be pinned.'
          : undefined,
    },
  });
  if (columns.length === 0) return null;
  const names = columnNames(columns);
  return (
    <section className={classes.banner} aria-label="Columns left out" data-open>
      {columns.map((column, index) => (
        <div
          key={`${column.template_id} ${column.connection_id} ${column.model_id} ${index}`}
          className={classes.line}
        >
          <span role="status">
            <strong>{shownName(names[index])}</strong> is left out. {column.mismatch.message}
          </span>
          {canPin(column.mismatch) && (
            <span className={classes.actions}>
              {acceptable.includes(column) && (
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={mend.isPending}
                  onClick={() => mend.mutate({ how: 'accept', of: [column] })}
                >
                  Pin {versionName(column.mismatch.actual)}
                </Button>
              )}
              <Button
                size="compact-xs"
                variant="default"
                disabled={mend.isPending}
                onClick={() => mend.mutate({ how: 'unpin', of: [column] })}
              >
                Unpin
              </Button>
            </span>
          )}
        </div>
      ))}
      {acceptable.length > 0 && (
        <Note className={classes.note}>
          <CommandButton id="compare.accept" size="compact-xs" showKeys>
            Pin what answers now
          </CommandButton>
        </Note>
      )}
    </section>
  );
}

const NOTES = { accept: 'Accepted when a comparison left the column out', unpin: null } as const;

/** A template's own constraint cannot be replaced, and a pin does not change which fingerprints are allowed. */
function canPin({ frozen, expected }: LeftOutColumn['mismatch']): boolean {
  return !frozen && expected !== null;
}

function shownName(name: ColumnName | undefined): string {
  return name === undefined ? '' : shownColumn(name);
}

/** A column in one line: `v2 · gpt-4o · effort=low`. */
export function shownColumn({ template, version, model, params }: ColumnName): string {
  const of = [template, version].filter((part) => part !== null).join(' ');
  return [of, model, params.join(', ')].filter((part) => part !== '').join(' · ');
}
