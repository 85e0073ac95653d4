import { IconAlertTriangle, IconKey, IconLockOpen } from '@tabler/icons-react';
import type { Connection } from '../../../src-shared/domain';
import { Badge } from '../../ui';

/** Where the key is and whether it can be read now; never the key. */
export function KeyBadge({ connection }: { readonly connection: Connection }) {
  const { key_source: source, key_available: available, key_env: variable } = connection;
  if (source === 'none') return <Badge tone="plain" icon={IconLockOpen} text="no key" />;
  if (!available) {
    return (
      <Badge
        tone="warn"
        icon={IconAlertTriangle}
        text={source === 'env' ? `${variable ?? 'variable'} not set` : 'key missing'}
        title="Runs over this connection are refused until its key can be read."
      />
    );
  }
  const where = { keychain: 'in keychain', session: 'this session', env: variable ?? 'environment' }[source];
  return <Badge tone="good" icon={IconKey} text={where} />;
}
