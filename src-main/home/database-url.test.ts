import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary';
import { parseDatabaseUrl } from './database-url';

const parse = (text: string) => parseDatabaseUrl(text, 'PROMPTER_DATABASE_URL');

test('an address is taken apart; what it leaves out is the usual', () => {
  expect(parse('postgres://ada:p%40ss%2Fword@db.example/team')).toEqual({
    host: 'db.example',
    port: 5432,
    database: 'team',
    user: 'ada',
    password: 'p@ss/word',
    tls: 'verify',
    ca: null,
  });
  expect(parse('postgresql://ada@[::1]:6000/a%20b')).toMatchObject({
    host: '::1',
    port: 6000,
    database: 'a b',
    password: '',
  });
});

test.each([
  ['verify-full', 'verify'],
  ['verify-ca', 'verify'],
  ['require', 'unverified'],
  ['no-verify', 'unverified'],
  ['disable', 'off'],
])('sslmode=%s means %s', (sslmode, tls) => {
  expect(parse(`postgres://ada:secret@db/team?sslmode=${sslmode}`).tls).toBe(tls);
});

test('a certificate is read from its file', () => {
  const path = join(temporaryFolder(), 'ca.pem');
  writeFileSync(path, 'PEM');
  expect(parse(`postgres://ada:secret@db/team?sslrootcert=${encodeURIComponent(path)}`).ca).toBe('PEM');
});

test.each([
  'sEcReT',
  'mysql://ada:sEcReT@db/team',
  'postgres://ada:sEcReT@/team',
  'postgres://:sEcReT@db/team',
  'postgres://ada:sEcReT@db/',
  'postgres://ada:%sEcReT@db/team',
  'postgres://ada:sEcReT@db/team?sslmode=prefer',
  'postgres://ada:sEcReT@db/team?options=x',
  'postgres://ada:sEcReT@db/team?sslrootcert=/nowhere/ca.pem',
  'postgres://ada:sEcReT@db:port/team',
])('%s is refused by name, and its password is not repeated', (text) => {
  try {
    parse(text);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(String(error)).toContain('PROMPTER_DATABASE_URL');
    expect(JSON.stringify([String(error), error])).not.toContain('sEcReT');
  }
});
