import { AppError, isAppError } from '../../../src-shared/domain';
import type { TeamDatabase } from './types';

/** Postgres' five-character error code (PostgreSQL manual, appendix A), or null. */
export function sqlState(error: unknown): string | null {
  const code = codeOf(error);
  if (code === null || !/^[0-9A-Z]{5}$/.test(code)) return null;
  if (code !== PROTOCOL_VIOLATION) return code;
  return POOLER_SAYS.find(([words]) => words.test(messageOf(error)))?.[1] ?? code;
}

/**
 * PgBouncer uses this code for everything (before 1.19 even for Postgres' own errors), so only the message tells errors
 * apart.
 */
const PROTOCOL_VIOLATION = '08P01';
const INVALID_PASSWORD = '28P01';
const NOT_SUPPORTED = '0A000';
const POOLER_SAYS: readonly (readonly [words: RegExp, state: string])[] = [
  [/authentication failed|no such user/, INVALID_PASSWORD],
  [/no such database|database .* does not exist/, '3D000'],
  [/statement pooling/, NOT_SUPPORTED],
];

/** Data exception, integrity constraint, program limit, internal error: classes that a row can cause. */
const ABOUT_DATA = /^(22|23|54|XX000)/;

/** Whether the server would reject the same data again over a healthy connection. */
export function isAboutData(error: unknown): boolean {
  return ABOUT_DATA.test(sqlState(error) ?? '');
}

/** Temporary server states, and transactions ended for being idle. */
const TRANSIENT = /^(08|25P0[34]|40|53|55|57|58)/;

const READ_ONLY = '25006';
const FOLLOWS = 'Use the address of the primary server.';
const TURNED_OFF =
  'If its administrator turned writing off (default_transaction_read_only), pushing resumes when it is turned on again.';
/** How to fix a refusal, where that is not obvious. */
const REMEDIES: Readonly<Record<string, string>> = {
  [READ_ONLY]: `${FOLLOWS} ${TURNED_OFF}`,
  [NOT_SUPPORTED]: 'If this is a pooler, set its pool_mode to transaction or session.',
};

/** Turns connection and server errors into messages for the user; passes errors about data unchanged. */
export function teamError(error: unknown, database: TeamDatabase): unknown {
  if (isAppError(error) || isAboutData(error)) return error;
  const where = placeOf(database);
  const said = withoutPassword(messageOf(error), database.password);
  const state = sqlState(error);
  if (state === null) return connectionError(error, where, said);
  if (TRANSIENT.test(state)) {
    return new AppError(
      'TEAM_UNREACHABLE',
      `The team database at ${where} is not available right now: ${said}. Records not pushed yet are safe here and will be retried.`,
      { data: { sqlstate: state } },
    );
  }
  return refused(database, state, said);
}

/** `teamError` for transactions without records, in which errors about data are ordinary refusals. */
export function administrationError(error: unknown, database: TeamDatabase): unknown {
  const state = sqlState(error);
  if (state === null || !isAboutData(error)) return error;
  return refused(database, state, messageOf(error), 'Nothing was changed.');
}

/** A server that accepts no writes (a standby, or configured as read-only); detected before anything is sent. */
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

/** Failures without a response from the server. */
function connectionError(error: unknown, where: string, said: string): AppError {
  // `pg` itself detects a missing or wrong password before the server reports it.
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
  if (!isCertificateError(system_code ?? '', said)) {
    return new AppError(
      'TEAM_UNREACHABLE',
      `The team database at ${where} does not answer: ${said}. Records not pushed yet are safe here and will be retried.`,
      { data: { system_code } },
    );
  }
  return new AppError(
    'TEAM_REFUSED',
    `The identity of the team database at ${where} could not be verified: ${said}. Nothing was sent. ${certificateAdvice(system_code ?? '')}`,
    { data: { tls: 'not_verified' } },
  );
}

/** TLS and certificate errors, by the codes of Node and OpenSSL. */
function isCertificateError(code: string, said: string): boolean {
  return /CERT|SELF_SIGNED|ISSUER|ERR_TLS|ERR_SSL|SIGNATURE/.test(code) || /SSL|certificate/.test(said);
}

function certificateAdvice(code: string): string {
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
  // Several addresses were tried, each with its own error.
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** The server's message about a record that is set aside: one line, without the record's data. */
export function refusalOf(error: unknown): string {
  return `${messageOf(error)} (${sqlState(error) ?? 'no code'})`;
}

function withoutPassword(message: string, password: string): string {
  return password === '' ? message : message.replaceAll(password, '***');
}
