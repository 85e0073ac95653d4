import { contractMethods } from './contract-paths';
import type { Refusal } from './refusal';

/** What a path means. Everything that is not one of the public kinds needs a token or a session. */
export type RouteKind =
  'health' | 'open' | 'attach' | 'static' | 'api' | 'rpc' | 'openapi' | 'metrics' | 'unknown';

export interface Route {
  readonly kind: RouteKind;
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** The only routes that answer without a token; to `attach` the server proves which it is before it is sent one. */
const PUBLIC: ReadonlySet<RouteKind> = new Set<RouteKind>(['health', 'open', 'attach', 'static']);

const METHODS: Readonly<Record<Exclude<RouteKind, 'api' | 'unknown'>, readonly string[]>> = {
  health: ['GET'],
  // A link opens the interface; a token buys a link.
  open: ['GET', 'POST'],
  attach: ['POST'],
  static: ['GET', 'HEAD'],
  // A call does not say what it does: as POST, each of them counts as a change.
  rpc: ['POST'],
  openapi: ['GET'],
  metrics: ['GET'],
};

export function isPublic(route: Route): boolean {
  return PUBLIC.has(route.kind);
}

/** Whether a request may change something. */
export function changesState(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** The methods that a path answers to; none where there is nothing at it. */
export function allowedMethods({ kind, pathname }: Route): readonly string[] {
  if (kind === 'unknown') return [];
  return kind === 'api' ? contractMethods(pathname) : METHODS[kind];
}

/** A path segment as RFC 3986 writes it, without encoded control characters. An encoded slash is part of an id. */
const SEGMENT = /^(?:[\w\-.~!$&'()*+,;=:@]|%(?![01][0-9a-f]|7f)[0-9a-f]{2})*$/i;

/**
 * Reads a request target strictly: one spelling per path, so that no rule about a path can be walked around by
 * writing it another way (empty segments, dot segments and absolute targets are all refused).
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

/** Answers with the value, although nobody needs it: a bundler drops a call without one, and with it what it throws. */
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
