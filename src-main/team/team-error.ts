import { AppError, isAppError } from '../../src-shared/domain';
import type { TeamDatabase } from './types';

/** The five characters by which Postgres says what is wrong (PostgreSQL manual, appendix A), or null. */
export function sqlState(error: unknown): string | null {
  const code = codeOf(error);
  return code !== null && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Data exception, integrity constraint, program limit, internal error: classes of what a row itself can cause. */
const ABOUT_DATA = /^(22|23|54|XX)/;

/** Whether the server refused what was sent, and would refuse it again, while the connection is fine. */
export function isAboutData(error: unknown): boolean {
  return ABOUT_DATA.test(sqlState(error) ?? '');
}

/** Resources and states of the server that pass. */
const PASSING = /^(08|40|53|55|57|58)/;

/** An error of the connection or the server as the user hears of it; one about data stays as it is. */
export function teamError(error: unknown, database: TeamDatabase): unknown {
  if (isAppError(error) || isAboutData(error)) return error;
  const where = `${database.host}:${database.port}/${database.database}`;
  const said = withoutPassword(messageOf(error), database.password);
  const state = sqlState(error);
  if (state === null) {
    if (SASL.test(said)) {
      return new AppError(
        'TEAM_REFUSED',
        `Signing in to the team database at ${where} failed: ${said}. Nothing was sent. Check the password.`,
        { data: { sqlstate: INVALID_PASSWORD } },
      );
    }
    return isAboutTrust(error)
      ? new AppError(
          'TEAM_REFUSED',
          `The team database at ${where} could not prove who it is: ${said}. Nothing was sent. If the server signs its own ` +
            'certificate, give its certificate authority.',
        )
      : new AppError(
          'TEAM_UNREACHABLE',
          `The team database at ${where} does not answer: ${said}. What was not pushed waits and is tried again.`,
        );
  }
  if (PASSING.test(state)) {
    return new AppError(
      'TEAM_UNREACHABLE',
      `The team database at ${where} cannot work right now: ${said}. What was not pushed waits and is tried again.`,
      { data: { sqlstate: state } },
    );
  }
  return new AppError('TEAM_REFUSED', `The team database at ${where} refused: ${said}.`, {
    data: { sqlstate: state },
  });
}

/** `pg` found out by itself what the server would have said: there is no password, or the two disagree on it. */
const SASL = /^SASL: /;
const INVALID_PASSWORD = '28P01';

/** Of TLS and certificates, as Node and OpenSSL name them. */
function isAboutTrust(error: unknown): boolean {
  return (
    /CERT|SELF_SIGNED|ISSUER|ERR_TLS|ERR_SSL|SIGNATURE/.test(codeOf(error) ?? '') ||
    /SSL|certificate/.test(messageOf(error))
  );
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
