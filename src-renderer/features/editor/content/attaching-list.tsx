import { ActionIcon, Loader } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { attaching, dismissAttaching } from './attach-files';
import classes from './content.module.css';

/** Files that are being stored for a block, and why others could not be. */
export function AttachingList({ blockKey }: { readonly blockKey: string }) {
  const all = attaching((state) => state.items);
  const items = all.filter(({ block }) => block === blockKey);
  return (
    <div role="status" className={classes.attaching}>
      {items.map(({ id, name, problem }) => (
        <p key={id} className={problem === null ? classes.storing : classes.refused}>
          {problem === null ? <Loader size={12} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />}
          <span>{problem === null ? `Storing ${name}` : `${name}: ${problem}.`}</span>
          {problem !== null && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={`Dismiss ${name}`}
              onClick={() => dismissAttaching(id)}
            >
              <IconX size={14} aria-hidden />
            </ActionIcon>
          )}
        </p>
      ))}
    </div>
  );
}
