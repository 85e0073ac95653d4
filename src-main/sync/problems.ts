import type { SyncService } from '../ports';
import type { StoredDatabase } from './settings';

type Test = Awaited<ReturnType<SyncService['test']>>;
type Step = Test['reached'][number];
export type Problem = NonNullable<Test['problem']>;

export interface Diagnosis {
  readonly problem: Problem;
  readonly message: string;
}

const STEPS: readonly Step[] = ['name', 'network', 'tls', 'password', 'schema', 'role'];

/** The step at which each problem shows. */
const FAILS_AT: Readonly<Record<Problem, Step>> = {
  name_not_found: 'name',
  unreachable: 'network',
  tls_unavailable: 'tls',
  tls_not_verified: 'tls',
  password_missing: 'password',
  password_refused: 'password',
  database_missing: 'schema',
  version_too_old: 'schema',
  schema_missing: 'schema',
  schema_from_future: 'schema',
  role_wrong: 'role',
  other: 'name',
};

/** The steps that worked before this problem, or all of them. */
export function reachedBefore(problem: Problem | null, tls: StoredDatabase['tls']): Step[] {
  const steps = STEPS.filter((step) => step !== 'tls' || tls !== 'off');
  return problem === null ? steps : steps.slice(0, Math.max(0, steps.indexOf(FAILS_AT[problem])));
}

/** What went wrong with the team's database, in words that say what to do. */
export function diagnose(error: unknown, place: StoredDatabase): Diagnosis {
  for (const link of chain(error)) {
    const found = known(link, place);
    if (found !== null) return found;
  }
  return { problem: 'other', message: error instanceof Error ? error.message : String(error) };
}

function known(error: Error, place: StoredDatabase): Diagnosis | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return ofNetwork(code, place) ?? ofTls(code, error.message, place) ?? ofServer(code, error, place);
}

function ofNetwork(code: string, { host, port }: StoredDatabase): Diagnosis | null {
  const at = `${host}:${String(port)}`;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        problem: 'name_not_found',
        message: `The name "${host}" was not found. Check the host, and whether this machine is online.`,
      };
    case 'ECONNREFUSED':
      return {
        problem: 'unreachable',
        message: `Nothing answers at ${at}: the connection was refused. Check the port, and whether the server runs.`,
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        problem: 'unreachable',
        message: `${at} cannot be reached (${code}). Check the network, a VPN or a firewall.`,
      };
    case '57P03':
    case '53300':
      return {
        problem: 'unreachable',
        message: `The server at ${at} takes no connections just now (${code}).`,
      };
    default:
      return null;
  }
}

const UNTRUSTED = /^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

function ofTls(code: string, message: string, { host }: StoredDatabase): Diagnosis | null {
  if (/does not support SSL/i.test(message)) {
    return {
      problem: 'tls_unavailable',
      message: `${host} offers no TLS. Turn it on at the server, or say that everything may be sent unencrypted.`,
    };
  }
  if (!UNTRUSTED.test(code)) return null;
  return {
    problem: 'tls_not_verified',
    message: `The certificate of ${host} is not one that this machine trusts (${code}). Give the certificate that signed it.`,
  };
}

/** PostgreSQL's own refusals, by SQLSTATE (PostgreSQL documentation, appendix A). */
function ofServer(code: string, error: Error, { user, database }: StoredDatabase): Diagnosis | null {
  switch (code) {
    case '28P01':
      return { problem: 'password_refused', message: `The server refuses the password of "${user}".` };
    case '28000':
      return {
        problem: 'password_refused',
        message: `The server does not let "${user}" in: ${error.message}`,
      };
    case '3D000':
      return { problem: 'database_missing', message: `The server has no database "${database}".` };
    case '3F000':
    case '42P01':
      return {
        problem: 'schema_missing',
        message: `The database "${database}" is not set up for Prompter yet. An administrator does that once: prompter sync init`,
      };
    case '42501':
      return {
        problem: 'role_wrong',
        message: `"${user}" may not do what Prompter needs: ${error.message}`,
      };
    default:
      return null;
  }
}

/** An error, what it was made of, and what was tried in parallel (several addresses of one name). */
function* chain(error: unknown): Generator<Error> {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [error];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (!(next instanceof Error) || seen.has(next)) continue;
    seen.add(next);
    yield next;
    if (next instanceof AggregateError) waiting.push(...next.errors);
    waiting.push(next.cause);
  }
}
