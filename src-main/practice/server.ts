import { createHash, hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { AppError } from '../../src-shared/domain/errors';
import { answerExchange } from './answer-exchange';
import { deliver } from './deliver';
import type { Exchange, Reply } from './exchange';
import { parseModelName } from './faults';
import type { Faults } from './faults';
import { openJournal } from './journal';
import type { JournalEntry } from './journal';
import { randomFrom } from './answers/prng';
import { routeOf } from './route';
import { compileScript, readScript } from './script';
import type { ScriptRule } from './script';
import { VENDORS } from './vendors';
import { isRecord, textOf } from './vendors/wire-value';

export interface PracticeServerOptions {
  /** 0, the default, picks a free port. */
  readonly port?: number;
  /** A loopback address; anything else is refused. */
  readonly host?: string;
  /** Fault rules, or the path of a JSON file with them. */
  readonly script?: readonly ScriptRule[] | string;
  /** Appends one JSON line for every request and answer. */
  readonly journalFile?: string;
  /** Write each journal line before continuing (default), or once per turn of the event loop. */
  readonly journalSync?: boolean;
  /** Journal entries kept in memory: all (`true`), none, or the latest N; 10,000 by default. */
  readonly keepJournal?: boolean | number;
}

export interface PracticeServer {
  readonly url: string;
  readonly port: number;
  journal(): JournalEntry[];
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const KEPT_ENTRIES = 10_000;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
const EMPTY_QUERY = new URLSearchParams();

export async function startPracticeServer(options: PracticeServerOptions = {}): Promise<PracticeServer> {
  const host = options.host ?? '127.0.0.1';
  if (!LOOPBACK.has(host)) {
    throw new AppError(
      'VALIDATION_FAILED',
      `host: the practice provider only listens on loopback, not on "${host}".`,
    );
  }
  const script =
    typeof options.script === 'string' ? readScript(options.script) : compileScript(options.script ?? []);
  const hasScript = options.script !== undefined;
  const journal = openJournal({
    keep: options.keepJournal ?? KEPT_ENTRIES,
    file: options.journalFile,
    sync: options.journalSync ?? true,
  });
  const driftCounts = new Map<string, number>();
  const turns = new Map<string, number>();
  let count = 0;

  const server = createServer((request, response) => {
    receive(request, (body) => {
      count += 1;
      serve(count, request, response, body);
    });
  });

  const serve = (n: number, request: IncomingMessage, response: ServerResponse, body: Received) => {
    const receivedAt = performance.now();
    const { exchange, model, problem } = readExchange(request, body);
    journal.record({
      event: 'request',
      n,
      at: new Date().toISOString(),
      protocol: exchange.vendor,
      method: exchange.method,
      path: exchange.path,
      model,
      request_sha256: exchange.digest,
      client_request_id: textOf(request.headers['x-client-request-id']) ?? null,
    });
    const reply = problem ?? answerSafely(exchange);
    const { faults } = exchange;
    if (faults.timeout) return;
    const send = () => {
      if (response.destroyed || response.socket?.destroyed !== false) return;
      if (faults.reset) {
        response.socket.resetAndDestroy();
        return;
      }
      deliver(
        response,
        reply,
        VENDORS[exchange.vendor].headers(exchange),
        faults,
        ({ status, sha256, bytes, complete }) => {
          journal.record({
            event: 'answer',
            n,
            at: new Date().toISOString(),
            status,
            response_sha256: sha256,
            response_bytes: bytes,
            latency_ms: Math.round((performance.now() - receivedAt) * 1000) / 1000,
            complete,
          });
        },
      );
    };
    if (faults.latency === undefined || faults.latency === 0) send();
    else sendAt(receivedAt + faults.latency, response, send);
  };

  const readExchange = (request: IncomingMessage, received: Received) => {
    const { method = 'GET', url = '/', headers } = request;
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? '' : url.slice(mark + 1);
    const route = routeOf(method, path, query, headers);
    const parsed = parseBody(received.bytes);
    const body = isRecord(parsed) ? parsed : {};
    const model = route.model ?? textOf(body['model']) ?? null;
    const name = parseModelName(model ?? '');
    const faults: Faults = hasScript
      ? {
          ...name.faults,
          ...script({
            protocol: route.vendor,
            model: name.id,
            path,
            bodyText: () => received.bytes.toString(),
          }),
        }
      : name.faults;
    const generation = driftGeneration(`${route.vendor}:${model}`, faults);
    // A model that has drifted also words its answers differently.
    const voice = generation === 0 ? name.id : `${name.id}#${generation}`;
    const exchange: Exchange = {
      vendor: route.vendor,
      tone: VENDORS[route.vendor].tone,
      answer: route.answer,
      method,
      path,
      apiVersion: route.apiVersion,
      query: query === '' ? EMPTY_QUERY : new URLSearchParams(query),
      headers,
      body,
      model: name.id,
      faults,
      generation,
      turnOf,
      digest: received.sha256,
      random: randomFrom(received.sha256, `${path}#${voice}`),
    };
    const isPost = method === 'POST' && route.answer !== undefined;
    return {
      exchange,
      model,
      problem: requestProblem(exchange, received, isPost ? parsed : body, name.problem),
    };
  };

  const turnOf = (key: string): number => {
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    return turn;
  };

  const driftGeneration = (key: string, { drift, drift_once: once }: Faults): number => {
    if (drift === undefined && once === undefined) return 0;
    const before = driftCounts.get(key) ?? 0;
    driftCounts.set(key, before + 1);
    if (drift !== undefined) return Math.floor(before / drift);
    return once !== undefined && before >= once ? 1 : 0;
  };

  // Idle connections stay open: a client must not reuse one just as it closes.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  server.headersTimeout = 60_000;

  try {
    await listen(server, options.port ?? 0, host);
  } catch (error) {
    journal.close();
    throw error;
  }
  const port = portOf(server.address());
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${port}`,
    port,
    journal: () => journal.entries(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          journal.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** A bug in an answer becomes a 500 that says so; the app hosting the server must survive it. */
function answerSafely(exchange: Exchange): Reply {
  try {
    return answerExchange(exchange);
  } catch (error) {
    const message = `The practice provider failed: ${error instanceof Error ? error.message : String(error)}`;
    return { status: 500, headers: {}, body: JSON.stringify({ error: { message, type: 'server_error' } }) };
  }
}

interface Received {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly tooLarge: boolean;
}

const NOTHING = Buffer.alloc(0);
const NOTHING_SHA256 = hash('sha256', NOTHING, 'hex');

/** Reads the whole body. Beyond the size limit, bytes are hashed but not kept. */
function receive(request: IncomingMessage, done: (received: Received) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let overflow: ReturnType<typeof createHash> | undefined;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (overflow === undefined && length > MAX_BODY_BYTES) {
      overflow = createHash('sha256');
      for (const kept of chunks.splice(0)) overflow.update(kept);
    }
    if (overflow === undefined) chunks.push(chunk);
    else overflow.update(chunk);
  });
  request.on('end', () => {
    if (overflow !== undefined)
      return done({ bytes: NOTHING, sha256: overflow.digest('hex'), tooLarge: true });
    if (length === 0) return done({ bytes: NOTHING, sha256: NOTHING_SHA256, tooLarge: false });
    const [first = NOTHING] = chunks;
    const bytes = chunks.length === 1 ? first : Buffer.concat(chunks, length);
    done({ bytes, sha256: hash('sha256', bytes, 'hex'), tooLarge: false });
  });
  // The client left mid-request: nothing was received, so there is nothing to answer.
  request.on('error', () => undefined);
}

/** The body as JSON; undefined if it is not JSON. */
function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** What is wrong with the request before looking at its contents. */
function requestProblem(
  exchange: Exchange,
  received: Received,
  parsed: unknown,
  suffixProblem: string | undefined,
): Reply | undefined {
  const vendor = VENDORS[exchange.vendor];
  if (received.tooLarge) return vendor.tooLarge(exchange);
  if (suffixProblem !== undefined) return vendor.badRequest(exchange, suffixProblem);
  if (isRecord(parsed)) return undefined;
  return vendor.badRequest(exchange, vendor.notJson);
}

/** Calls `send` when it is due, unless the client has left. Timers may fire a fraction of a tick early. */
function sendAt(due: number, response: ServerResponse, send: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const left = due - performance.now();
    if (left > 0.5) timer = setTimeout(wait, left);
    else send();
  };
  response.once('close', () => clearTimeout(timer));
  wait();
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
