import { readFileSync } from 'node:fs';
import { validationError } from '../../src-shared/domain';

/** Where the team's Postgres is, and who we are there. The password is held in memory only. */
export interface TeamDatabase {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** `verify` checks the certificate and the host's name; the others are for users who asked for them in words. */
  tls: 'verify' | 'unverified' | 'off';
  /** A certificate authority (PEM) that signs the server's certificate, where it is not a public one. */
  ca?: string | null;
}

const DEFAULT_PORT = 5432;

/** libpq's `sslmode` values; those that may fall back to plain text are rejected. */
const TLS_OF_SSLMODE: Readonly<Record<string, TeamDatabase['tls']>> = {
  'verify-full': 'verify',
  'verify-ca': 'verify',
  'no-verify': 'unverified',
  require: 'unverified',
  disable: 'off',
};

/**
 * Parses `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. Without `sslmode`, the server is
 * verified. `from` says where the text came from: messages never repeat the text itself, which holds a password.
 * @throws VALIDATION_FAILED
 */
export function parseDatabaseUrl(text: string, from: string): TeamDatabase {
  const refuse = (message: string) => validationError([{ path: from, message }]);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('must look like postgres://user:password@host:5432/database');
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) throw refuse('must begin with postgres://');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const database = decoded(url.pathname.slice(1));
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (database === null || user === null || password === null) {
    throw refuse('has a % that is not an escape: write %25 for a percent sign');
  }
  if (host === '') throw refuse('has no host');
  if (user === '') throw refuse('has no user');
  if (database === '') throw refuse('has no database');

  const unknown = [...url.searchParams.keys()].filter((key) => key !== 'sslmode' && key !== 'sslrootcert');
  if (unknown.length > 0) {
    throw refuse(`supports only the options sslmode and sslrootcert, not "${String(unknown[0])}"`);
  }
  const sslmode = url.searchParams.get('sslmode') ?? 'verify-full';
  const tls = TLS_OF_SSLMODE[sslmode];
  if (tls === undefined) {
    throw refuse(
      `sslmode must be verify-full, require (not verified) or disable (unencrypted), not "${sslmode}"`,
    );
  }
  const certificate = url.searchParams.get('sslrootcert');
  return {
    host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database,
    user,
    password,
    tls,
    ca: certificate === null || certificate === 'system' ? null : readCertificate(certificate, refuse),
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function readCertificate(path: string, refuse: (message: string) => Error): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw refuse(`sslrootcert: "${path}" cannot be read`);
  }
}
