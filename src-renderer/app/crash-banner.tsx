import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orpc } from '../rpc';
import { useFormat } from '../ui';
import classes from './shell.module.css';

const SEEN = 'prompter.crash-banner-seen';

/** Shown once after each unclean exit: the store was checked, and nothing is resent. */
export function CrashBanner() {
  const format = useFormat();
  const status = useQuery(orpc.system.status.queryOptions());
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN));
  const at = status.data?.store.checked_after_crash_at ?? null;
  if (at === null || at === seen) return null;
  return (
    <div className={classes.crash} role="status">
      <IconCircleCheck size={15} aria-hidden />
      <span>
        Prompter did not close properly last time. The store was checked at {format.when(at)} and is intact.
        Nothing is resent automatically.
      </span>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          localStorage.setItem(SEEN, at);
          setSeen(at);
        }}
      >
        Dismiss
      </Button>
    </div>
  );
}
