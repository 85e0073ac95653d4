import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Refusal } from './refusal';
import { changesState, isPublic, type Route } from './routes';

const CODE_LIFETIME_MS = 5 * 60_000;

/** 256 random bits, in characters safe for a header, cookie or URL. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

export interface AccessOptions {
  /** Any one of them admits a program. */
  readonly tokens: readonly string[];
  readonly port: number;
  readonly now: () => number;
}

export interface RequestFacts {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** How many `Host` headers were sent: Node silently keeps only the first. */
  readonly hostHeaders: number;
}

/** Access control for the loopback API (docs/reliability.md#the-loopback-api). */
export interface Access {
  /** Null if the request may proceed. */
  checkHost(facts: RequestFacts): Refusal | null;
  checkRequest(route: Route, facts: RequestFacts): Refusal | null;
  /** Whether a request may be issued a link: it must carry a token, and not come from a foreign page. */
  checkLinkRequest(facts: RequestFacts): Refusal | null;
  /** A code that buys one session cookie; valid for a few minutes. */
  issueCode(): string;
  /** Uses up a code and returns its `Set-Cookie` value; null if the code is unknown, used or expired. */
  exchange(code: string): string | null;
  hasSession(headers: IncomingHttpHeaders): boolean;
}

export function createAccess({ tokens, port, now }: AccessOptions): Access {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  // The port is part of the name, because browsers share a host's cookies among all its ports.
  const cookieName = `prompter_${port}`;
  const session = createToken();
  const codes = new Map<string, number>();

  const isToken = (given: string | null): boolean =>
    given !== null && tokens.map((token) => sameSecret(given, token)).includes(true);

  const authenticate = (headers: IncomingHttpHeaders): 'bearer' | 'session' | null => {
    if (headers.authorization !== undefined) {
      return isToken(bearerOf(headers)) ? 'bearer' : null;
    }
    const given = cookieValue(headers.cookie, cookieName);
    return given !== null && sameSecret(given, session) ? 'session' : null;
  };

  return {
    checkHost({ headers, hostHeaders }) {
      // A name pointed here by DNS rebinding is not in the set.
      if (hostHeaders === 1 && headers.host !== undefined && hosts.has(headers.host)) return null;
      return { code: 'FORBIDDEN', message: 'The Host header does not name this server.' };
    },

    checkRequest(route, { method, headers }) {
      if (route.kind === 'attach') return isForeign(headers) ? foreign : null;
      if (isPublic(route)) return null;
      if (isForeign(headers)) return foreign;
      const site = headers['sec-fetch-site'];
      const identity = authenticate(headers);
      if (identity === null) return unauthenticated;
      if (identity === 'session') {
        // Browsers attach cookies to any page's requests, so the page that sent this one decides what is allowed.
        if (site === undefined) return foreign;
        if (changesState(method) && (site !== 'same-origin' || headers.origin === undefined)) {
          return foreign;
        }
      } else if (changesState(method) && site === 'none') {
        return foreign;
      }
      return null;
    },

    checkLinkRequest({ headers }) {
      if (isForeign(headers)) return foreign;
      return isToken(bearerOf(headers)) ? null : unknownToken;
    },

    issueCode() {
      const code = createToken();
      for (const [known, expires] of codes) if (expires <= now()) codes.delete(known);
      codes.set(digest(code).toString('hex'), now() + CODE_LIFETIME_MS);
      return code;
    },

    hasSession: (headers) => authenticate(headers) === 'session',

    exchange(code) {
      const key = digest(code).toString('hex');
      const expires = codes.get(key);
      codes.delete(key);
      if (expires === undefined || expires <= now()) return null;
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
  };
}

/** Whether another server's page sent the request. Programs other than browsers send neither header. */
function isForeign({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

function bearerOf({ authorization = '' }: IncomingHttpHeaders): string | null {
  return /^Bearer +([^ ]+)$/i.exec(authorization)?.[1] ?? null;
}

const foreign: Refusal = { code: 'FORBIDDEN', message: 'Requests from other sites are not allowed.' };
const unauthenticated: Refusal = {
  code: 'UNAUTHORIZED',
  message: 'Send the token that `prompter serve` printed as `Authorization: Bearer …`, or open its link.',
};

const unknownToken: Refusal = {
  code: 'UNAUTHORIZED',
  message: 'This token is not valid for the running server. Run `prompter link` for a link that opens it.',
};

/** Compares digests, so that timing reveals neither content nor length. */
function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieValue(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
