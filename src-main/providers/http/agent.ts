import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

/** Open sockets to one host. The batches' own limits are lower; this only stops a runaway. */
const SOCKETS_PER_ORIGIN = 512;
const CONNECT_TIMEOUT_MS = 15_000;

const options = {
  // Reasoning models think for minutes before the first byte: a call's own timeout is the only limit.
  headersTimeout: 0,
  bodyTimeout: 0,
  connections: SOCKETS_PER_ORIGIN,
  // Two requests on one socket could be lost together.
  pipelining: 1,
  // HTTP/2 repeats refused streams by itself; here nothing may be sent twice by itself.
  allowH2: false,
  // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
  connect: { rejectUnauthorized: true, timeout: CONNECT_TIMEOUT_MS },
};

let shared: Agent | undefined;
let fresh: Agent | undefined;

/** The process's one connection pool. It reads no proxy or other environment variable. */
export function sharedDispatcher(): Dispatcher {
  shared ??= new Agent(options);
  return shared;
}

/** Gives each request a socket of its own: for the one repeat after a kept-alive socket had died unnoticed. */
export function freshDispatcher(): Dispatcher {
  fresh ??= new Agent({ ...options, keepAliveTimeout: 1, keepAliveMaxTimeout: 1 });
  return fresh;
}
