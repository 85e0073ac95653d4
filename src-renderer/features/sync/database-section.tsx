import { Button } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyncStatus, TeamTls } from '../../../src-shared/contract';
import { CommandButton, showNotice } from '../../commands';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { Badge, ConfirmDialog, Fact, Facts, FailureView, Mono, Note, Section } from '../../ui';
import { TestSteps } from './test-steps';
import { PASSWORD_LABELS, TLS_LABELS } from './labels';
import classes from './sync.module.css';

/** The connection, its account and its protection. */
export function DatabaseSection({ status }: { readonly status: SyncStatus }) {
  const { database, source } = status;
  const [turningOff, setTurningOff] = useState(false);
  const test = useMutation({ mutationFn: () => api.sync.test({}) });
  if (database === null) return null;
  const own = source === 'settings';
  return (
    <Section
      title="Database"
      actions={
        <>
          <Button size="compact-xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
          {own && (
            <>
              <CommandButton id="sync.connect" size="compact-xs">
                Change…
              </CommandButton>
              <Button size="compact-xs" variant="default" onClick={() => setTurningOff(true)}>
                Turn off…
              </Button>
            </>
          )}
        </>
      }
    >
      <Facts>
        <Fact name="Server">
          <Mono>{`${database.host}:${String(database.port)}`}</Mono>
        </Fact>
        <Fact name="Database">
          <Mono>{database.database}</Mono>
        </Fact>
        <Fact name="User">
          <Mono>{database.user}</Mono>
        </Fact>
        <Fact name="Password">
          {PASSWORD_LABELS[status.password]}
          {status.password === 'missing' && (
            <span className={classes.problem}>Enter it again under “Change…”.</span>
          )}
        </Fact>
        <Fact name="Connection">
          <TlsBadge tls={database.tls} />
        </Fact>
      </Facts>
      {!own && <Note>Set by PROMPTER_DATABASE_URL; change it there. It is not stored.</Note>}
      {test.isError && <FailureView inline title="The test could not run" {...failureOf(test.error)} />}
      {test.data && <TestSteps test={test.data} tls={database.tls} />}
      {turningOff && <TurnOffDialog onClose={() => setTurningOff(false)} />}
    </Section>
  );
}

function TlsBadge({ tls }: { readonly tls: TeamTls }) {
  return tls === 'verify' ? (
    <Badge tone="plain" icon={IconLock} text={TLS_LABELS[tls]} />
  ) : (
    <Badge tone="warn" icon={IconAlertTriangle} text={TLS_LABELS[tls]} />
  );
}

function TurnOffDialog({ onClose }: { onClose(): void }) {
  const queryClient = useQueryClient();
  const turnOff = useMutation({
    mutationFn: () => api.sync.turnOff(),
    onSuccess: (status) => {
      queryClient.setQueryData(orpc.sync.status.queryKey(), status);
      showNotice('Sync is off: everything stays on this machine.');
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title="Turn sync off?"
      keep="Keep it on"
      confirm="Turn off"
      isBusy={turnOff.isPending}
      failure={turnOff.isError && changeFailure(failureOf(turnOff.error), 'Sync is still on')}
      onConfirm={() => turnOff.mutate()}
      onClose={onClose}
    >
      <p>
        The address and password are removed from this machine. Pushed records stay in the team database, and
        everything stays in the store here. The password cannot be recovered: to reconnect you need it again,
        or someone who can set up this machine again.
      </p>
    </ConfirmDialog>
  );
}
