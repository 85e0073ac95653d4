import { IconCloudOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { SyncStatus } from '../../../src-shared/contract';
import { CommandButton } from '../../commands';
import { failureOf, syncStatusQuery } from '../../rpc';
import { Empty, FailureView, Page, Waiting } from '../../ui';
import { ConnectDialog } from './connect-dialog';
import { CountsSection } from './counts-section';
import { DatabaseSection } from './database-section';
import { SetAsideSection } from './set-aside-section';
import { StateSection } from './state-section';
import classes from './sync.module.css';

export function SyncPage() {
  const status = useQuery(syncStatusQuery());
  const { connect = false } = useSearch({ from: '/sync' });
  const navigate = useNavigate({ from: '/sync' });
  const close = () => void navigate({ search: {}, replace: true });
  const configured = status.data?.configured === true;
  return (
    <Page title="Sync" toolbar={configured && status.data ? <Toolbar status={status.data} /> : undefined}>
      <div className={classes.content} data-pane tabIndex={0} role="group" aria-label="Sync, content">
        {status.isError && (
          <FailureView
            inline={status.data !== undefined}
            title={status.data ? 'This may be out of date' : 'Sync status could not be loaded'}
            {...failureOf(status.error)}
            safe="Records on this machine are not affected."
            onRetry={() => void status.refetch()}
          />
        )}
        {!status.data ? (
          !status.isError && <Waiting />
        ) : configured ? (
          <Configured status={status.data} />
        ) : (
          <Off />
        )}
      </div>
      {connect && status.data && <ConnectDialog status={status.data} onClose={close} />}
    </Page>
  );
}

function Off() {
  return (
    <Empty
      icon={<IconCloudOff size={28} />}
      title="Off: everything stays on this machine"
      actions={
        <CommandButton id="sync.connect" variant="filled" showKeys>
          Connect a team database…
        </CommandButton>
      }
    >
      Sync a copy to your team’s PostgreSQL, in the background. The store on this machine stays complete and
      works without it.
    </Empty>
  );
}

function Toolbar({ status }: { readonly status: SyncStatus }) {
  return (
    <>
      <CommandButton id={status.state === 'paused' ? 'sync.resume' : 'sync.pause'}>
        {status.state === 'paused' ? 'Resume' : 'Pause'}
      </CommandButton>
      <CommandButton id="sync.push" variant="filled" loading={status.state === 'pushing'} />
    </>
  );
}

function Configured({ status }: { readonly status: SyncStatus }) {
  return (
    <>
      <StateSection status={status} />
      {status.set_aside > 0 && <SetAsideSection count={status.set_aside} />}
      <CountsSection status={status} />
      <DatabaseSection status={status} />
    </>
  );
}
