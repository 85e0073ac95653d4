import { isAppError, type AppError } from '../../src-shared/domain';
import type { Service } from '../ports';
import type { StoredDatabase } from './settings';

type Test = Awaited<ReturnType<Service<'sync'>['test']>>;
type Step = Test['reached'][number];
export type Problem = NonNullable<Test['problem']>;

export interface Diagnosis {
  readonly problem: Problem;
  readonly message: string;
}

const STEPS: readonly Step[] = ['name', 'network', 'tls', 'password', 'schema', 'role'];

/** The step at which each problem surfaces. */
const FAILS_AT: Readonly<Record<Problem, Step>> = {
  name_not_found: 'name',
  unreachable: 'network',
  tls_unavailable: 'tls',
  tls_not_verified: 'tls',
  password_missing: 'password',
  password_refused: 'password',
  database_missing: 'schema',
  version_too_old: 'schema',
  read_only: 'schema',
  schema_missing: 'schema',
  schema_from_future: 'schema',
  role_wrong: 'role',
  other: 'name',
};

/** The steps that worked before this problem; all of them if there is none. */
export function reachedBefore(problem: Problem | null, tls: StoredDatabase['tls']): Step[] {
  const steps = STEPS.filter((step) => step !== 'tls' || tls !== 'off');
  return problem === null ? steps : steps.slice(0, Math.max(0, steps.indexOf(FAILS_AT[problem])));
}

/** Explains what is wrong with the team's database, and what to do about it. */
export function diagnose(error: unknown, place: StoredDatabase): Diagnosis {
  const message = error instanceof Error ? error.message : String(error);
  const other = { problem: 'other', message } as const;
  return isAppError(error) ? (known(error, place) ?? other) : other;
}

/**
 * The engine distinguishes unreachable, refused and unsuitable; its details narrow that down to something a person can
 * fix.
 */
function known(error: AppError, place: StoredDatabase): Diagnosis | null {
  const { code, data, message } = error;
  const { sqlstate, system_code } = data;
  switch (code) {
    case 'TEAM_UNREACHABLE':
      return ofNetwork(system_code, place) ?? { problem: 'unreachable', message };
    case 'TEAM_REFUSED':
      if (typeof sqlstate === 'string') return ofServer(sqlstate, message, place);
      return { problem: data['tls'] === 'unavailable' ? 'tls_unavailable' : 'tls_not_verified', message };
    case 'TEAM_UNSUITABLE':
      if ('server_version' in data) return { problem: 'version_too_old', message };
      if ('schema_version' in data) return { problem: 'schema_from_future', message };
      if ('org_id' in data) return { problem: 'role_wrong', message };
      return { problem: 'schema_missing', message };
    default:
      return null;
  }
}

function ofNetwork(code: unknown, { host, port }: StoredDatabase): Diagnosis | null {
  const at = `${host}:${String(port)}`;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        problem: 'name_not_found',
        message: `The name "${host}" was not found. Check the host name and your network connection.`,
      };
    case 'ECONNREFUSED':
      return {
        problem: 'unreachable',
        message: `Nothing answers at ${at}: the connection was refused. Check the port and that the server is running.`,
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        problem: 'unreachable',
        message: `${at} cannot be reached (${code}). Check the network, VPN and firewall.`,
      };
    default:
      return null;
  }
}

/** PostgreSQL's own errors, by SQLSTATE (PostgreSQL documentation, appendix A). */
function ofServer(code: string, message: string, { user, database }: StoredDatabase): Diagnosis | null {
  switch (code) {
    case '28P01':
      return { problem: 'password_refused', message: `The server rejected the password of "${user}".` };
    case '28000':
      return {
        problem: 'password_refused',
        message: `The server does not let "${user}" sign in: ${message}`,
      };
    case '3D000':
      return { problem: 'database_missing', message: `The server has no database "${database}".` };
    case '25006':
      return { problem: 'read_only', message };
    case '42501':
      return {
        problem: 'role_wrong',
        message: `"${user}" lacks a permission that Prompter needs: ${message}`,
      };
    default:
      return null;
  }
}
