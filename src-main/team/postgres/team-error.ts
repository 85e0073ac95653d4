import { AppError, isAppError } from '../../../src-shared/domain';
import type { TeamDatabase } from './types';

/** The five characters by which Postgres says what is wrong (PostgreSQL manual, appendix A), or null. */
export function sqlState(error: unknown): string | null {
  const code = codeOf(error);
  if (code === null || !/^[0-9A-Z]{5}$/.test(code)) return null;
  if (code !== PROTOCOL_VIOLATION) return code;
  return POOLER_SAYS.find(([words]) => words.test(messageOf(error)))?.[1] ?? code;
}

/** PgBouncer says this of everything (before 1.19 of what Postgres told it, too), so its words have to do. */
const PROTOCOL_VIOLATION = '08P01';
const INVALID_PASSWORD = '28P01';
const NOT_SUPPORTED = '0A000';
const POOLER_SAYS: readonly (readonly [words: RegExp, state: string])[] = [
  [/authentication failed|no such user/, INVALID_PASSWORD],
  [/no such database|database .* does not exist/, '3D000'],
  [/statement pooling/, NOT_SUPPORTED],
];

/** Data exception, integrity constraint, program limit, internal error: classes of what a row itself can cause. */
const ABOUT_DATA = /^(22|23|54|XX000)/;

/** Whether the server refused what was sent, and would refuse it again, while the connection is fine. */
export function isAboutData(error: unknown): boolean {
  return ABOUT_DATA.test(sqlState(error) ?? '');
}

/** Resources and states of the server that pass; a transaction that was ended because it stood still. */
const PASSING = /^(08|25P0[34]|40|53|55|57|58)/;

const READ_ONLY = '25006';
const FOLLOWS = 'Use the address of the primary server.';
const TURNED_OFF =
  'If its administrator turned writing off (default_transaction_read_only), pushing resumes when it is turned on again.';
/** What to do about a refusal, where it is not plain. */
const REMEDIES: Readonly<Record<string, string>> = {
  [READ_ONLY]: `${FOLLOWS} ${TURNED_OFF}`,
  [NOT_SUPPORTED]: 'If this is a pooler, set its pool_mode to transaction or session.',
};

/** An error of the connection or the server as the user hears of it; one about data stays as it is. */
export function teamError(error: unknown, database: TeamDatabase): unknown {
  if (isAppError(error) || isAboutData(error)) return error;
  const where = placeOf(database);
  const said = withoutPassword(messageOf(error), database.password);
  const state = sqlState(error);
  if (state === null) return withoutServersWord(error, where, said);
  if (PASSING.test(state)) {
    return new AppError(
      'TEAM_UNREACHABLE',
      `The team database at ${where} is not available right now: ${said}. Records not pushed yet are safe here and will be retried.`,
      { data: { sqlstate: state } },
    );
  }
  return refused(database, state, said);
}

/** Of a transaction that sends no records: there, what the server says of data is a refusal like any other. */
export function refusalOfAll(error: unknown, database: TeamDatabase): unknown {
  const state = sqlState(error);
  if (state === null || !isAboutData(error)) return error;
  return refused(database, state, messageOf(error), 'Nothing was changed.');
}

/** Of a server that takes no writes, as was seen before anything was sent to it: a standby, or one that is told to. */
export function readOnly(database: TeamDatabase, isStandby: boolean): AppError {
  const said = isStandby ? 'it is a standby, which accepts no writes' : 'it is set to read-only';
  return refused(database, READ_ONLY, said, isStandby ? FOLLOWS : TURNED_OFF);
}

function refused(database: TeamDatabase, state: string, said: string, remedy = REMEDIES[state]): AppError {
  return new AppError(
    'TEAM_REFUSED',
    `The team database at ${placeOf(database)} refused the request: ${said}.${remedy === undefined ? '' : ` ${remedy}`}`,
    { data: { sqlstate: state } },
  );
}

function placeOf({ host, port, database }: TeamDatabase): string {
  return `${host}:${port}/${database}`;
}

/** What broke before the server could say anything, or instead of it. */
function withoutServersWord(error: unknown, where: string, said: string): AppError {
  // `pg` finds out by itself what the server would have said: there is no password, or the two disagree on it.
  if (said.startsWith('SASL: ')) {
    return new AppError(
      'TEAM_REFUSED',
      `Signing in to the team database at ${where} failed: ${said}. Nothing was sent. Check the password.`,
      { data: { sqlstate: INVALID_PASSWORD } },
    );
  }
  const system_code = codeOf(error);
  if (/does not support SSL/i.test(said)) {
    return new AppError(
      'TEAM_REFUSED',
      `The team database at ${where} does not offer TLS. Nothing was sent. Turn TLS on at the server, or accept that everything is ` +
        'sent unencrypted.',
      { data: { tls: 'unavailable' } },
    );
  }
  if (!isAboutTrust(system_code ?? '', said)) {
    return new AppError(
      'TEAM_UNREACHABLE',
      `The team database at ${where} does not answer: ${said}. Records not pushed yet are safe here and will be retried.`,
      { data: { system_code } },
    );
  }
  return new AppError(
    'TEAM_REFUSED',
    `The identity of the team database at ${where} could not be verified: ${said}. Nothing was sent. ${ofTrust(system_code ?? '')}`,
    { data: { tls: 'not_verified' } },
  );
}

/** Of TLS and certificates, as Node and OpenSSL name them. */
function isAboutTrust(code: string, said: string): boolean {
  return /CERT|SELF_SIGNED|ISSUER|ERR_TLS|ERR_SSL|SIGNATURE/.test(code) || /SSL|certificate/.test(said);
}

function ofTrust(code: string): string {
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'Use the host name in its certificate.';
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return "Check this machine's clock. If it is right, the certificate must be renewed.";
    default:
      return 'If no public authority signed the certificate, provide the certificate of the authority that did.';
  }
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

function messageOf(error: unknown): string {
  // Several addresses were tried: each has an error of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** What the server says of a value or a statement, for the record that is set aside: one line, without its data. */
export function refusalOf(error: unknown): string {
  return `${messageOf(error)} (${sqlState(error) ?? 'no code'})`;
}

function withoutPassword(message: string, password: string): string {
  return password === '' ? message : message.replaceAll(password, '***');
}
