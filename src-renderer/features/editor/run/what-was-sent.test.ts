import { expect, test } from 'vitest';
import { lacksConnection, whatWasSent } from './what-was-sent';

test.each([
  ['t', 'NO_CONNECTION', 'Nothing was sent.'],
  [null, 'DISK_FULL', 'Nothing was sent.'],
  ['t', 'DISK_FULL', 'Nothing was sent twice.'],
  ['t', 'INTERNAL_SERVER_ERROR', 'Nothing was sent twice.'],
])('a run of %s that failed with %s says: %s', (template_id, code, said) => {
  expect(whatWasSent({ template_id, failure: { code } })).toBe(said);
});

test.each([
  ['NO_CONNECTION', { provider: 'openai' }, true],
  ['NO_CONNECTION', { provider: null }, false],
  ['NO_CONNECTION', { connection_id: 'removed' }, false],
  ['PROVIDER_UNKNOWN', { provider: 'nobody' }, false],
])('%s with %j is helped by connecting a provider: %s', (code, data, is) => {
  expect(lacksConnection({ code, data })).toBe(is);
});
