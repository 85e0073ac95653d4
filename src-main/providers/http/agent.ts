import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

/** Open sockets per host. Batches have lower limits; this one only stops a runaway. */
const SOCKETS_PER_ORIGIN = 512;
const CONNECT_TIMEOUT_MS = 15_000;

const options = {
  // Reasoning models can take minutes to the first byte: the call's own timeout is the only limit.
  headersTimeout: 0,
  bodyTimeout: 0,
  connections: SOCKETS_PER_ORIGIN,
  // Two pipelined requests could be lost together.
  pipelining: 1,
  // HTTP/2 silently retries refused streams; here only we decide whether to send a request again.
  allowH2: false,
  // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED cannot disable it.
  connect: { rejectUnauthorized: true, timeout: CONNECT_TIMEOUT_MS },
};

let shared: Agent | undefined;
let fresh: Agent | undefined;

/** The process's only connection pool. It ignores proxy and other environment variables. */
export function sharedDispatcher(): Dispatcher {
  shared ??= new Agent(options);
  return shared;
}

/** A new socket for each request: used for the single retry after a kept-alive socket died unnoticed. */
export function freshDispatcher(): Dispatcher {
  fresh ??= new Agent({ ...options, keepAliveTimeout: 1, keepAliveMaxTimeout: 1 });
  return fresh;
}
