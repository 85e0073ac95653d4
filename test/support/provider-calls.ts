import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import {
  protocolRecord,
  serverDialect,
  SYSTEM_PROVIDER_IDS,
  systemProvider,
  UNKNOWN_DIALECT,
} from '../../src-shared/domain';
import type { Protocol, ResponseApi } from '../../src-shared/domain';
import type {
  CallEndpoint,
  CallObserver,
  ProviderCall,
  RawExchange,
  StoredAnswer,
} from '../../src-main/ports';

/** Helpers for tests of provider calls. */

export function endpointOf(
  protocol: Protocol,
  baseUrl: string,
  secret: string | null = 'sk-test',
): CallEndpoint {
  const providerId =
    SYSTEM_PROVIDER_IDS.find((id) => {
      const provider = systemProvider(id);
      return provider.isVendor && provider.protocol === protocol;
    }) ?? 'custom';
  const dialect = serverDialect(UNKNOWN_DIALECT);
  return { connectionId: 'c1', providerId, protocol, baseUrl, secret, dialect };
}

/** The practice server's base URL for a protocol's SDK. */
export function practiceEndpoint(protocol: Protocol, serverUrl: string): CallEndpoint {
  const { vendor, base } = protocolRecord(protocol).practice;
  return endpointOf(protocol, `${serverUrl}/${vendor}${base}`);
}

export type CallFields = Partial<ProviderCall> & { readonly system?: string; readonly user?: string };

/** `system` and `user` are the short form of `messages`. */
export function callOf(
  endpoint: CallEndpoint,
  { system = 'Be brief.', user = 'Which river is the longest?', ...fields }: CallFields = {},
): ProviderCall {
  return {
    endpoint,
    modelId: 'gpt-4o',
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: user },
    ],
    tools: [],
    toolChoice: null,
    inferenceParams: {},
    responseSchema: null,
    search: false,
    stream: false,
    timeoutMs: 30_000,
    attemptId: 'attempt-1',
    signal: new AbortController().signal,
    ...fields,
  };
}

export interface Recorder extends CallObserver {
  readonly exchanges: RawExchange[];
  readonly parts: Uint8Array[];
  readonly texts: string[];
  readonly log: string[];
}

export function recorder(): Recorder {
  const exchanges: RawExchange[] = [];
  const parts: Uint8Array[] = [];
  const texts: string[] = [];
  const log: string[] = [];
  return {
    exchanges,
    parts,
    texts,
    log,
    onExchange(exchange) {
      log.push('exchange');
      exchanges.push(exchange);
      return Promise.resolve();
    },
    onStreamStart() {
      log.push('start');
    },
    onPart(bytes) {
      log.push('part');
      parts.push(bytes);
    },
    onText(delta) {
      texts.push(delta);
    },
  };
}

export function storedAnswer(exchange: RawExchange, call: ProviderCall): StoredAnswer {
  return { ...exchange, requestedModel: call.modelId, providerId: call.endpoint.providerId };
}

/** A body as the store would hold it. */
export function answerBytes(
  api: ResponseApi,
  body: string | Uint8Array,
  fields: Partial<StoredAnswer> = {},
): StoredAnswer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const defaults = {
    requestedModel: 'm',
    providerId: 'p',
    httpStatus: 200,
    headers: [],
    complete: true,
    streamed: false,
  };
  return { api, ...defaults, bytes, ...fields };
}

export interface TestServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A plain HTTP server on loopback that records requests. */
export async function testServer(listener: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume();
    request.on('end', () => listener(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
