import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { protocolRecord, type Connection, type Provider } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { api } from '../../rpc';
import { Fact, Facts, Mono, SimulatedBadge, useFormat } from '../../ui';
import { KeyBadge } from './key-badge';
import { ModelList } from './model-list';
import { RemoveDialog, SecretDialog } from './connection-dialogs';
import { TestSection } from './connection-test';
import { EditConnection } from './edit-connection';
import { ServerSupport } from './server-support';
import classes from './providers.module.css';

interface ConnectionDetailProps {
  readonly connection: Connection;
  readonly provider: Provider | undefined;
  /** Just added: tested at once, so that a wrong key shows before the first run. */
  readonly isNew: boolean;
}

export function ConnectionDetail({ connection, provider, isNew }: ConnectionDetailProps) {
  const format = useFormat();
  const [dialog, setDialog] = useState<'edit' | 'secret' | 'remove' | null>(null);
  const test = useMutation({
    // Nothing may be billed unasked: the automatic test after adding only lists the models.
    mutationFn: (calls: boolean) => api.connections.test({ connection_id: connection.connection_id, calls }),
  });
  const close = (): void => setDialog(null);
  const { mutate: startTest } = test;
  useEffect(() => {
    if (isNew) startTest(false);
  }, [isNew, startTest]);

  useCommands({
    'connection.test': {
      run: () => test.mutate(true),
      disabled: test.isPending ? 'A test is running.' : undefined,
    },
    'connection.edit': { run: () => setDialog('edit') },
    'connection.secret': {
      run: () => setDialog('secret'),
      disabled:
        connection.key_source === 'env'
          ? `Its key comes from ${connection.key_env ?? 'the environment'}.`
          : provider && !provider.needs_key && connection.key_source === 'none'
            ? 'This provider needs no key.'
            : undefined,
    },
    'connection.archive': {
      run: () => setDialog('remove'),
      disabled: provider?.simulated ? 'The practice connection cannot be removed.' : undefined,
    },
  });

  return (
    <>
      <div className={classes.detailHead}>
        <h2>{connection.name}</h2>
        {provider?.simulated && <SimulatedBadge />}
        <div className={classes.detailActions}>
          <CommandButton id="connection.test" variant="filled" loading={test.isPending} showKeys>
            Test
          </CommandButton>
          <CommandButton id="connection.edit">Edit</CommandButton>
          <CommandButton id="connection.secret">
            {connection.key_source === 'none' ? 'Add key' : 'Replace key'}
          </CommandButton>
          <CommandButton id="connection.archive">Remove</CommandButton>
        </div>
      </div>
      <Facts>
        <Fact name="Provider">
          {provider?.name ?? connection.provider}
          {connection.is_default && <span className={classes.rowNote}>default connection</span>}
        </Fact>
        <Fact name="Address">
          <Mono>{connection.base_url ?? provider?.base_url ?? 'built in'}</Mono>
        </Fact>
        <Fact name="Key">
          <KeyBadge connection={connection} provider={provider} />
        </Fact>
        <Fact name="Concurrency">{format.plural(connection.concurrency, 'call', 'calls')} at once</Fact>
        <Fact name="Id" copy={connection.connection_id}>
          <Mono>{connection.connection_id}</Mono>
        </Fact>
      </Facts>
      <TestSection connection={connection} provider={provider} test={test} />
      {provider && hasSettings(connection, provider) && (
        <ServerSupport connection={connection} provider={provider} />
      )}
      <ModelList connectionId={connection.connection_id} />
      <EditConnection
        connection={connection}
        provider={provider}
        opened={dialog === 'edit'}
        onClose={close}
        onReplaced={() => startTest(false)}
      />
      <SecretDialog
        connection={connection}
        opened={dialog === 'secret'}
        onClose={close}
        onReplaced={() => startTest(false)}
      />
      <RemoveDialog connection={connection} opened={dialog === 'remove'} onClose={close} />
    </>
  );
}

/** Only for the user's own servers: what vendors and the practice server support is known. */
function hasSettings({ base_url }: Connection, { protocol, simulated }: Provider): boolean {
  return !simulated && (protocolRecord(protocol).hasDialects || base_url !== null);
}
