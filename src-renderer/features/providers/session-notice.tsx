import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../rpc';
import classes from './providers.module.css';

/** Shown when keys do not outlive this session. */
export function SessionNotice() {
  const { data } = useQuery(orpc.system.status.queryOptions());
  if (!data) return null;
  const { mode, available, message } = data.keychain;
  if (mode === 'os' && available) return null;
  return (
    <div className={classes.notice} role="status">
      <IconAlertTriangle size={15} aria-hidden />
      <span>
        {message ??
          (mode === 'session'
            ? 'Keys are kept in memory and lost when Prompter closes.'
            : 'This computer’s keychain is unavailable.')}
      </span>
    </div>
  );
}
