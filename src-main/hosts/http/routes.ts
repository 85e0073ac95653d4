import { contractMethods } from './contract-paths';
import type { Refusal } from './refusal';

/** What a path is for. All but the public kinds need a token or a session. */
export type RouteKind =
  'health' | 'open' | 'attach' | 'static' | 'api' | 'rpc' | 'openapi' | 'metrics' | 'unknown';

export interface Route {
  readonly kind: RouteKind;
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** Routes that need no token; at `attach`, the server proves its identity before it is sent one. */
const PUBLIC: ReadonlySet<RouteKind> = new Set<RouteKind>(['health', 'open', 'attach', 'static']);

const METHODS: Readonly<Record<Exclude<RouteKind, 'api' | 'unknown'>, readonly string[]>> = {
  health: ['GET'],
  // GET opens the interface by link; POST trades a token for a link.
  open: ['GET', 'POST'],
  attach: ['POST'],
  static: ['GET', 'HEAD'],
  // The method does not tell reads from writes here: POST makes every call count as a change.
  rpc: ['POST'],
  openapi: ['GET'],
  metrics: ['GET'],
};

export function isPublic(route: Route): boolean {
  return PUBLIC.has(route.kind);
}

/** Whether the method may change state. */
export function changesState(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** The methods allowed on a path; empty if there is nothing at it. */
export function allowedMethods({ kind, pathname }: Route): readonly string[] {
  if (kind === 'unknown') return [];
  return kind === 'api' ? contractMethods(pathname) : METHODS[kind];
}

/** A path segment (RFC 3986), without encoded control characters. An encoded slash is part of an id. */
const SEGMENT = /^(?:[\w\-.~!$&'()*+,;=:@]|%(?![01][0-9a-f]|7f)[0-9a-f]{2})*$/i;

/**
 * Parses a request target strictly: each path has one spelling, so rules about paths cannot be bypassed by another
 * (empty segments, dot segments and absolute targets are refused).
 */
export function parseTarget(target: string): { pathname: string; query: URLSearchParams } | Refusal {
  const queryAt = target.indexOf('?');
  const pathname = queryAt === -1 ? target : target.slice(0, queryAt);
  const segments = pathname.split('/');
  const inner = segments.slice(1, -1);
  const last = segments.at(-1) ?? '';
  const wellFormed =
    pathname.startsWith('/') &&
    inner.every((segment) => segment !== '' && isPlainSegment(segment)) &&
    isPlainSegment(last);
  if (!wellFormed) return { code: 'BAD_REQUEST', message: 'The path is malformed.' };
  return { pathname, query: new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt + 1)) };
}

function isPlainSegment(segment: string): boolean {
  return SEGMENT.test(segment) && !/^(?:\.|%2e){1,2}$/i.test(segment) && isUtf8(segment);
}

function isUtf8(segment: string): boolean {
  return decoded(segment) !== null;
}

/** Returns the value although it is unused: a bundler would drop a call without one, and the throw with it. */
function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

export function resolveRoute(
  method: string,
  { pathname, query }: { pathname: string; query: URLSearchParams },
): Route {
  return { kind: kindOf(method, pathname), pathname, query };
}

function kindOf(method: string, pathname: string): RouteKind {
  if (pathname === '/v1/health' && method === 'GET') return 'health';
  if (pathname === '/v1' || pathname.startsWith('/v1/')) return 'api';
  if (pathname === '/rpc' || pathname.startsWith('/rpc/')) return 'rpc';
  if (pathname === '/openapi.json') return 'openapi';
  if (pathname === '/metrics') return 'metrics';
  if (pathname === '/open') return 'open';
  if (pathname === '/attach') return 'attach';
  return METHODS.static.includes(method) ? 'static' : 'unknown';
}
