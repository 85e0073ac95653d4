import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary';
import { createFileLogger } from './logger';
import { systemClock } from './runtime';
import { createSecretRegistry } from './secret-registry';

test.each(['sk-canary-123456', 'pass"word\\with/quotes', 'pässwörd & 100 %'])(
  'no line of the log has the secret %s, whatever form it came in',
  (secret) => {
    const path = join(temporaryFolder(), 'logs', 'prompter.log');
    const secrets = createSecretRegistry();
    secrets.add(secret);
    const logger = createFileLogger({ path, clock: systemClock, secrets });
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    for (const form of forms) {
      logger.log('error', 'test', { text: `before ${form} after`, deep: { list: [form] } });
      logger.log('error', 'test', { error: new Error(`refused ${form}`) });
    }
    const log = readFileSync(path, 'utf8');
    for (const form of [...forms, JSON.stringify(secret).slice(1, -1)]) expect(log).not.toContain(form);
    const lines = log.trim().split('\n');
    expect(lines).toHaveLength(2 * forms.length);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ text: 'before [redacted] after' });
  },
);
