import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connection, Provider } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { failureOf, orpc } from '../../rpc';
import { Empty, FailureView, Page, SimulatedBadge, Waiting } from '../../ui';
import { AddConnection } from './add-connection';
import { ConnectionDetail } from './connection-detail';
import { KeyBadge } from './key-badge';
import { SessionNotice } from './session-notice';
import classes from './providers.module.css';

export function ProvidersPage() {
  const { connection: shown } = useSearch({ from: '/providers' });
  const navigate = useNavigate({ from: '/providers' });
  const connections = useQuery(orpc.connections.list.queryOptions());
  const providers = useQuery(orpc.providers.list.queryOptions());
  const items = connections.data?.items ?? [];
  const known = providers.data?.items ?? [];
  const adding = shown === 'new';
  const [wanted, setWanted] = useState<string>();
  const [added, setAdded] = useState<string>();
  const selected = items.find((item) => item.connection_id === shown) ?? items[0];

  const select = (id: string | undefined): void => {
    void navigate({ search: { connection: id }, replace: true });
  };
  const move = (step: number): void => {
    const at = items.findIndex((item) => item === selected);
    const next = items[Math.min(items.length - 1, Math.max(0, at + step))];
    if (next) select(next.connection_id);
  };
  useCommands({ 'list.next': () => move(1), 'list.previous': () => move(-1) });

  return (
    <Page
      title="Providers"
      toolbar={
        <CommandButton
          id="connection.add"
          variant="filled"
          leftSection={<IconPlus size={14} aria-hidden />}
          showKeys
        />
      }
    >
      <SessionNotice />
      {connections.isError ? (
        <FailureView
          title="The connections could not be loaded"
          {...failureOf(connections.error)}
          safe="Keys and connections are unchanged."
          onRetry={() => void connections.refetch()}
        />
      ) : !connections.data ? (
        <Waiting lines={8} />
      ) : (
        <div className={classes.columns}>
          <nav className={classes.list} aria-label="Connections" data-pane>
            {items.map((connection) => (
              <ConnectionRow
                key={connection.connection_id}
                connection={connection}
                provider={known.find((provider) => provider.provider_id === connection.provider)}
                selected={connection === selected}
                onSelect={() => select(connection.connection_id)}
              />
            ))}
            <ProviderList
              providers={known}
              connections={items}
              onConnect={(provider) => {
                setWanted(provider);
                select('new');
              }}
            />
          </nav>
          <div className={classes.detail} data-pane>
            {selected ? (
              <ConnectionDetail
                key={selected.connection_id}
                connection={selected}
                provider={known.find((provider) => provider.provider_id === selected.provider)}
                isNew={selected.connection_id === added}
              />
            ) : (
              <Empty title="No connection yet" actions={<CommandButton id="connection.add" showKeys />}>
                A connection is an account or a server: a provider, an address and a key in your keychain.
              </Empty>
            )}
          </div>
        </div>
      )}
      <AddConnection
        opened={adding}
        providers={known}
        taken={items.map(({ name }) => name)}
        provider={wanted}
        onClose={() => {
          setWanted(undefined);
          select(undefined);
        }}
        onAdded={(connection) => {
          setWanted(undefined);
          setAdded(connection.connection_id);
          select(connection.connection_id);
        }}
      />
    </Page>
  );
}

interface ConnectionRowProps {
  readonly connection: Connection;
  readonly provider: Provider | undefined;
  readonly selected: boolean;
  onSelect(): void;
}

function ConnectionRow({ connection, provider, selected, onSelect }: ConnectionRowProps) {
  return (
    <button
      type="button"
      className={classes.row}
      aria-current={selected ? 'true' : undefined}
      onClick={onSelect}
    >
      <span className={classes.rowName}>
        <Health connection={connection} />
        {connection.name}
      </span>
      {provider?.simulated ? <SimulatedBadge /> : <KeyBadge connection={connection} provider={provider} />}
      <span className={classes.rowNote}>
        {provider?.name ?? connection.provider}
        {connection.is_default && ', default'}
      </span>
    </button>
  );
}

/** The last test's result, by shape and words as well as colour. */
function Health({ connection: { last_test_at, last_test_ok } }: { readonly connection: Connection }) {
  const [text, state] =
    last_test_at === null
      ? ['Not tested', 'untested']
      : last_test_ok
        ? ['Last test passed', 'good']
        : ['Last test failed', 'bad'];
  return (
    <>
      <span className={classes.health} data-state={state} title={text} />
      <span className="visually-hidden">{text}. </span>
    </>
  );
}

interface ProviderListProps {
  readonly providers: readonly Provider[];
  readonly connections: readonly Connection[];
  onConnect(providerId: string): void;
}

/** Providers without a connection, each offering to add one. */
function ProviderList({ providers, connections, onConnect }: ProviderListProps) {
  const used = new Set(connections.map((connection) => connection.provider));
  const unused = providers.filter((provider) => !used.has(provider.provider_id));
  if (unused.length === 0) return null;
  return (
    <>
      <h2 className={classes.listTitle}>Not connected</h2>
      <ul className={classes.unused}>
        {unused.map((provider) => (
          <li key={provider.provider_id}>
            <button type="button" className={classes.row} onClick={() => onConnect(provider.provider_id)}>
              <span>{provider.name}</span>
              <span className={classes.connect}>Connect</span>
              <span className={classes.rowNote}>{provider.base_url ?? 'needs your address'}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
