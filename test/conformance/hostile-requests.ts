/** One request as its attacker writes it. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: readonly string[];
  readonly body: string;
  /** What a refusal looks like; 0 is a connection closed without an answer. */
  readonly refusals: ReadonlySet<number>;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Calls that succeed when they are let in: a success among the hostile ones cannot hide behind another error. */
export const CALLS: readonly Call[] = [
  { method: 'GET', path: '/v1/status', body: '' },
  { method: 'GET', path: '/v1/templates', body: '' },
  { method: 'GET', path: '/openapi.json', body: '' },
  { method: 'GET', path: '/metrics', body: '' },
  { method: 'POST', path: '/v1/sample', body: '{}' },
  { method: 'POST', path: '/v1/templates/render', body: '{"user_prompt_template":"x"}' },
  { method: 'POST', path: '/rpc/templates/list', body: '{"json":{}}' },
  { method: 'POST', path: '/rpc/system/status', body: '{}' },
];

const HOSTS = [
  '127.0.0.1',
  'localhost',
  'evil.example',
  'evil.example:PORT',
  '127.0.0.1.evil.example:PORT',
  'localhost:PORT.evil.example',
  '127.0.0.1:1',
  '0.0.0.0:PORT',
  '[::ffff:127.0.0.1]:PORT',
  'user@127.0.0.1:PORT',
  'LOCALHOST:PORT',
  ' ',
];
const ORIGINS = [
  'http://evil.example',
  'null',
  'http://127.0.0.1:1',
  'http://localhost:PORT',
  'https://127.0.0.1:PORT',
  'http://127.0.0.1:PORT.evil.example',
  'file://',
];
const SITES = ['cross-site', 'same-site', 'unheard-of'];
const TOKENS = [
  'Authorization: Bearer',
  'Authorization: Bearer wrong',
  'Authorization: Bearer TOKENx',
  'Authorization: Bearer HALF',
  'Authorization: Bearer tokenless TOKEN',
  'Authorization: Basic TOKEN',
  'Authorization: TOKEN',
  'Cookie: prompter_PORT=TOKEN',
  'Cookie: prompter_PORT=',
  'X-Authorization: Bearer TOKEN',
];
/** Ways to write the path of something that needs a token, and paths outside of everything. */
const SPELLINGS = [
  '/v1/health/',
  '/v1/health/../status',
  '/v1/health/..%2fstatus',
  '/v1/%73tatus',
  '//v1/status',
  '/v1//status',
  '/./v1/status',
  '/v1/status%00',
  '/v1\\status',
  '/assets/../v1/status',
  '/V1/status',
  '/rpc//system/status',
  '/metrics/',
  'http://127.0.0.1:PORT/v1/status',
  'http://evil.example/v1/status',
  '*',
  '/open',
  '/open?code=',
  '/open?code=TOKEN',
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'];

/** Not let in; and, for a path that is no call at all, also not found. */
const DENIED: ReadonlySet<number> = new Set([0, 400, 401, 403]);
const NOTHING_THERE: ReadonlySet<number> = new Set([...DENIED, 404, 405]);

/** Host × Origin × Sec-Fetch-Site × token × path spelling × method. Not one of them may be let in. */
export function* hostileRequests(server: {
  port: number;
  token: string;
  cookie: string;
}): Generator<HostileRequest> {
  const fill = (text: string) =>
    text
      .replaceAll('PORT', String(server.port))
      .replaceAll('TOKEN', server.token)
      .replaceAll('HALF', server.token.slice(0, 20));
  const host = fill('127.0.0.1:PORT');
  const bearer = fill('Authorization: Bearer TOKEN');
  const cookie = `Cookie: ${server.cookie}`;
  const send = (
    call: Call,
    headers: readonly string[],
    more: Partial<HostileRequest> = {},
  ): HostileRequest => ({
    ...call,
    path: fill(call.path),
    host,
    headers: headers.map(fill),
    refusals: DENIED,
    ...more,
  });

  // Without a right token or session nothing works, however path and method are written.
  for (const call of CALLS) {
    yield send(call, []);
    for (const token of TOKENS) yield send(call, [token]);
  }
  for (const path of [...SPELLINGS, ...CALLS.map((call) => call.path)]) {
    for (const method of METHODS) {
      yield send({ method, path, body: '' }, [], { refusals: NOTHING_THERE });
      yield send({ method, path, body: '' }, ['Authorization: Bearer wrong'], { refusals: NOTHING_THERE });
    }
  }
  for (const call of CALLS) {
    // With the right token, but under a wrong name or from a wrong page.
    for (const name of HOSTS) yield send(call, [bearer], { host: fill(name) });
    for (const origin of ORIGINS) yield send(call, [bearer, `Origin: ${origin}`]);
    for (const site of SITES) yield send(call, [bearer, `Sec-Fetch-Site: ${site}`]);
    yield send(call, [bearer, 'Host: evil.example']);
    yield send(call, [bearer, 'Connection: Upgrade', 'Upgrade: websocket', 'Origin: http://evil.example']);
    // With the right session, which a browser attaches by itself, whichever page asks.
    for (const site of SITES) {
      yield send(call, [cookie, `Sec-Fetch-Site: ${site}`]);
      for (const origin of ORIGINS)
        yield send(call, [cookie, `Origin: ${origin}`, `Sec-Fetch-Site: ${site}`]);
    }
    for (const origin of ORIGINS)
      yield send(call, [cookie, `Origin: ${origin}`, 'Sec-Fetch-Site: same-origin']);
    yield send(call, [cookie]);
    if (call.method === 'POST') {
      yield send(call, [cookie, 'Sec-Fetch-Site: none']);
      yield send(call, [cookie, 'Sec-Fetch-Site: same-origin']);
      yield send(call, [cookie, `Origin: http://${host}`, 'Sec-Fetch-Site: none']);
      yield send(call, [bearer, 'Sec-Fetch-Site: none']);
    }
  }
}
