import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { challengeSchema, prove } from '../../home';
import type { Core, Logger } from '../../ports';
import { bug, createRouter } from '../../rpc';
import { INERT_POLICY, openRendererFiles, SECURITY_HEADERS, type RendererFiles } from '../assets';
import { createAccess, createToken, type Access, type RequestFacts } from './access';
import { API_PREFIX } from './contract-paths';
import { isJson, readFileBody, readJsonBody } from './json-body';
import { createProcedures, type Procedures } from './procedures';
import { refusalBody, type ErrorBody, type Refusal } from './refusal';
import { allowedMethods, parseTarget, resolveRoute, type Route } from './routes';
import { answerUnreadable } from './unreadable-request';

export interface HttpHostOptions {
  readonly core: Core;
  readonly logger: Logger;
  readonly version: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Generated if not given. */
  readonly token?: string;
  /** Settings taken from this host's environment, for attached commands whose own may differ. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The built interface; null serves only the API. */
  readonly rendererDir: string | null;
  readonly now?: () => number;
  /** Time limits for a request to arrive. Answers have no limit. */
  readonly arrival?: ArrivalLimits;
}

export interface ArrivalLimits {
  readonly headersMs: number;
  readonly requestMs: number;
}

/** Clients are on this machine, so a slower request is holding its connection open on purpose. */
const ARRIVAL: ArrivalLimits = { headersMs: 10_000, requestMs: 60_000 };

export interface HttpHost {
  readonly url: string;
  readonly token: string;
  /** A second token, generated on each start, which the store's owner publishes. */
  readonly key: string;
  /** A single-use link that opens the interface with a session; expires after a few minutes. */
  issueLink(): string;
  /** Closes every connection, event streams included. The core stays open; its owner closes it. */
  close(): Promise<void>;
}

interface Host {
  readonly url: string;
  readonly key: string;
  readonly access: Access;
  readonly issueLink: () => string;
  readonly procedures: Procedures;
  readonly files: RendererFiles | null;
  readonly options: HttpHostOptions;
  readonly openApi: () => Promise<string>;
}

/** Serves the contract and the interface, on 127.0.0.1 only. */
export async function startHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const token = options.token ?? createToken();
  const { headersMs, requestMs } = options.arrival ?? ARRIVAL;
  const server = createServer({
    requireHostHeader: false,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(headersMs, 5_000),
  });
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  const key = createToken();
  const access = createAccess({ tokens: [token, key], port, now: options.now ?? Date.now });
  const issueLink = () => `${url}/open?code=${access.issueCode()}`;
  const host: Host = {
    url,
    key,
    access,
    issueLink,
    options,
    procedures: createProcedures(createRouter(options), options.logger),
    files: options.rendererDir === null ? null : openRendererFiles(options.rendererDir),
    openApi: once(async () => {
      const { openApiDocument } = await import('./openapi-document');
      return JSON.stringify(await openApiDocument(options.version, url));
    }),
  };
  server.on('request', (request, response) => {
    void answer(host, request, response);
  });
  answerUnreadable(server);
  // Refuse WebSockets and other upgrades.
  server.on('upgrade', (_request, socket) => socket.destroy());

  return {
    url,
    token,
    key,
    issueLink,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      // Only a pipe has a string address.
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function answer(host: Host, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  response.setHeader('content-security-policy', INERT_POLICY);
  response.setHeader('cache-control', 'no-store');
  try {
    const refusal = await admit(host, request, response);
    if (refusal !== null) sendError(request, response, refusalBody(refusal));
  } catch (error) {
    // The client left: not a bug, and nobody to answer.
    if (request.destroyed || response.destroyed) {
      response.destroy();
      return;
    }
    const { code, status, message, data } = bug(error, {
      procedure: `${request.method} ${request.url?.split('?', 1)[0]}`,
      logger: host.options.logger,
    });
    if (response.headersSent) response.destroy();
    else sendError(request, response, { code, status, message, data });
  }
}

/** Routes a request, or returns the reason for refusing it. */
async function admit(
  host: Host,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Refusal | null> {
  const method = request.method ?? '';
  const facts = {
    method,
    headers: request.headers,
    hostHeaders: request.rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length,
  };
  const wrongHost = host.access.checkHost(facts);
  if (wrongHost !== null) return wrongHost;

  const target = parseTarget(request.url ?? '');
  if ('code' in target) return target;
  const route = resolveRoute(method, target);
  const denied = host.access.checkRequest(route, facts);
  if (denied !== null) return denied;

  const methods = allowedMethods(route);
  if (methods.length === 0) return pathNotFound;
  if (!methods.includes(method)) {
    response.setHeader('allow', methods.join(', '));
    return { code: 'METHOD_NOT_ALLOWED', message: `Allowed here: ${methods.join(', ')}.` };
  }
  return dispatch(host, route, facts, request, response);
}

async function dispatch(
  host: Host,
  route: Route,
  facts: RequestFacts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Refusal | null> {
  switch (route.kind) {
    case 'health':
    case 'api':
    case 'rpc':
      return callProcedure(host, route, request, response);
    case 'openapi':
      return send(response, 200, 'application/json; charset=utf-8', await host.openApi());
    case 'metrics': {
      const { metricsText } = await import('./metrics');
      const { system, insight } = host.options.core;
      const text = metricsText(await system.status(), insight.lifetime());
      return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', text);
    }
    case 'open':
      return request.method === 'POST'
        ? sendNewLink(host, facts, response)
        : openSession(host, route, request, response);
    case 'attach':
      return sendProof(host, request, response);
    case 'static':
      return sendFile(host, route, request, response);
    case 'unknown':
      return pathNotFound;
  }
}

/** The one path whose body is a file as it is, unless it is JSON: then that is the procedure's input, as everywhere. */
const FILES_PATH = `${API_PREFIX}/assets`;

async function callProcedure(
  { procedures }: Host,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Refusal | null> {
  const hasBody = request.method === 'POST' || request.method === 'PUT';
  const written = route.kind === 'rpc' ? 'by our client' : 'by anybody';
  const isFile = route.kind === 'api' && route.pathname === FILES_PATH && !isJson(request);
  const read = (): ReturnType<typeof readJsonBody> =>
    isFile ? readFileBody(request) : readJsonBody(request, { written });
  const body = hasBody ? await read() : undefined;
  if (body?.ok === false) return body.refusal;
  const call = {
    request: body === undefined ? request : Object.assign(request, { body: body.value }),
    response,
    pathname: route.pathname,
    query: route.query,
  };
  const matched = route.kind === 'rpc' ? await procedures.rpc(call) : await procedures.api(call);
  return matched ? null : pathNotFound;
}

function sendNewLink(
  { access, issueLink }: Host,
  facts: RequestFacts,
  response: ServerResponse,
): Refusal | null {
  const refusal = access.checkLinkRequest(facts);
  if (refusal !== null) return refusal;
  return send(response, 201, 'application/json; charset=utf-8', JSON.stringify({ link: issueLink() }));
}

/** Proves to a command which process this is, before the command sends its key. */
async function sendProof(
  { key, url, options: { version, settings = {} } }: Host,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Refusal | null> {
  const body = await readJsonBody(request, { written: 'by anybody' });
  if (!body.ok) return body.refusal;
  const challenge = challengeSchema.safeParse(body.value);
  if (!challenge.success) return { code: 'VALIDATION_FAILED', message: 'The challenge is malformed.' };
  const proof = prove(key, challenge.data, { url, version, settings });
  return send(response, 200, 'application/json; charset=utf-8', JSON.stringify(proof));
}

function openSession(
  { access }: Host,
  route: Route,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Refusal | null {
  const cookie = access.exchange(route.query.get('code') ?? '');
  if (cookie !== null) response.writeHead(303, { location: '/', 'set-cookie': cookie }).end();
  // The link was already used in this browser: its session still opens the interface.
  else if (access.hasSession(headers)) response.writeHead(303, { location: '/' }).end();
  else if (headers.accept?.includes('text/html')) send(response, 403, 'text/plain; charset=utf-8', USED_LINK);
  else return { code: 'FORBIDDEN', message: USED_LINK };
  return null;
}

const USED_LINK =
  'This link has been used or has expired. Run `prompter link` for a new one, or press Enter where `prompter serve` or `npm start` is running.';

async function sendFile(
  { files }: Host,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Refusal | null> {
  const file = await files?.read(route.pathname);
  if (!file) return pathNotFound;
  response.writeHead(200, { ...file.headers, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
  return null;
}

function send(response: ServerResponse, status: number, contentType: string, text: string): null {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length }).end(body);
  return null;
}

function sendError(request: IncomingMessage, response: ServerResponse, body: ErrorBody): void {
  if (body.status === 401) response.setHeader('www-authenticate', 'Bearer realm="prompter"');
  // An unread request body must not hold the connection.
  if (!request.complete) response.setHeader('connection', 'close');
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(body.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const pathNotFound: Refusal = { code: 'NOT_FOUND', message: 'There is nothing at this path.' };

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
