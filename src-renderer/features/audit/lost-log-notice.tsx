import { IconAlertOctagon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lostLogInWords } from '../../../src-shared/domain';
import { orpc } from '../../rpc';
import classes from './audit.module.css';

/** Warns that the store lacks a log signed earlier: nobody would look for what is not there. */
export function LostLogNotice() {
  const { data } = useQuery(orpc.system.status.queryOptions());
  if (!data?.lost_log) return null;
  return (
    <div className={classes.broken} role="alert">
      <IconAlertOctagon size={16} aria-hidden />
      <div className={classes.words}>
        <strong>A signed audit log is missing</strong>
        <p className={classes.muted}>{lostLogInWords(data.lost_log)}</p>
      </div>
    </div>
  );
}
