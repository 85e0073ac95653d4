import { Tooltip } from '@mantine/core';
import { IconCircleCheck, IconCloudCheck, IconCloudUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SyncStatus } from '../../src-shared/contract';
import { onlyHere, syncStatusQuery } from '../rpc';
import { useFormat } from '../ui';
import classes from './shell.module.css';

/** `Saved locally`, `Synced`, or how many records wait for the team database. */
export function SavedState() {
  const { data } = useQuery(syncStatusQuery());
  const format = useFormat();
  if (data?.configured !== true) {
    return (
      <span className={classes.statusItem}>
        <IconCircleCheck size={14} aria-hidden /> Saved locally
      </span>
    );
  }
  const waiting = onlyHere(data);
  const synced = waiting === 0 && data.last_push_at !== null;
  const Icon = waiting > 0 ? IconCloudUp : synced ? IconCloudCheck : IconCircleCheck;
  return (
    <Tooltip label={reasonOf(data)}>
      <Link to="/sync" className={classes.statusItem} data-tone={isTrouble(data) ? 'warn' : undefined}>
        <Icon size={14} aria-hidden />
        {waiting > 0 ? `${format.count(waiting)} waiting` : synced ? 'Synced' : 'Saved locally'}
      </Link>
    </Tooltip>
  );
}

function isTrouble({ state, set_aside }: SyncStatus): boolean {
  return state === 'failing' || set_aside > 0;
}

function reasonOf({ state, set_aside }: SyncStatus): string {
  if (state === 'failing')
    return 'Everything is saved here. The team database cannot be reached; Prompter keeps trying.';
  if (set_aside > 0) return 'Everything is saved here. The team database refused some records.';
  if (state === 'paused') return 'Everything is saved here. Sync is paused.';
  return 'Everything is saved here and pushed to the team database in the background.';
}
