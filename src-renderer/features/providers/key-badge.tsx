import { IconAlertTriangle, IconKey, IconLockOpen } from '@tabler/icons-react';
import type { Connection, Provider } from '../../../src-shared/domain';
import { Badge } from '../../ui';

interface KeyBadgeProps {
  readonly connection: Connection;
  readonly provider: Provider | undefined;
}

/** Where the key is stored and whether it is readable now; never the key itself. */
export function KeyBadge({ connection, provider }: KeyBadgeProps) {
  const { key_source: source, key_available: available, key_env: variable } = connection;
  if (source === 'none') {
    return provider?.needs_key ? (
      <Badge
        tone="warn"
        icon={IconAlertTriangle}
        text="no key"
        title="Runs through this connection are refused until it has a key."
      />
    ) : (
      <Badge tone="plain" icon={IconLockOpen} text="no key" />
    );
  }
  if (!available) {
    return (
      <Badge
        tone="warn"
        icon={IconAlertTriangle}
        text={source === 'env' ? `${variable ?? 'variable'} not set` : 'key missing'}
        title="Runs through this connection are refused until its key can be read."
      />
    );
  }
  const where = { keychain: 'in keychain', session: 'this session', env: variable ?? 'environment' }[source];
  return <Badge tone="good" icon={IconKey} text={where} />;
}
