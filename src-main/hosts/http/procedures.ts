import type { IncomingMessage, ServerResponse } from 'node:http';
import { ORPCError } from '@orpc/contract';
import { OpenAPIHandler } from '@orpc/openapi/node';
import type { AnyProcedure } from '@orpc/server';
import { RPCHandler } from '@orpc/server/node';
import { ordinaryNames } from '../../../src-shared/contract';
import type { Logger } from '../../ports';
import { toRpcError, type AppRouter, type RequestContext } from '../../rpc';
import { API_PREFIX } from './contract-paths';
import type { ErrorBody } from './refusal';
import { assertKnownParameters, coerceQuery, pathParameters } from './query-input';
import { isRecord } from '../../../src-shared/domain';

const RPC_PREFIX = '/rpc';

interface HttpContext extends RequestContext {
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly ifNoneMatch: string | undefined;
}

type Call = {
  readonly request: IncomingMessage & { body?: unknown };
  readonly response: ServerResponse;
  readonly pathname: string;
  readonly query: URLSearchParams;
};

/** The contract over HTTP, in two forms: a plain REST API, and oRPC's own protocol for the interface. */
export interface Procedures {
  /** False if no procedure has this path. */
  api(call: Call): Promise<boolean>;
  rpc(call: Call): Promise<boolean>;
}

export function createProcedures(router: AppRouter, logger: Logger): Procedures {
  const customJsonSerializers = [ordinaryNames];
  const api = new OpenAPIHandler<HttpContext>(router, {
    customJsonSerializers,
    customErrorResponseBodyEncoder: ({ code, status, message, data }): ErrorBody => ({
      code,
      status,
      message,
      data: data ?? {},
    }),
    interceptors: [
      async ({ next, context }) => {
        const result = await next();
        if (!result.matched) return result;
        const { response } = result;
        if (response.status >= 300) return result;
        const status = context.respond.status ?? response.status;
        return { ...result, response: tagged(inertDownload({ ...response, status }), context) };
      },
    ],
    clientInterceptors: [
      async ({ next, path, ...options }) => {
        try {
          return await next({ ...options, path, input: readInput(options) });
        } catch (error) {
          // Errors thrown by procedures are already mapped; anything else failed before reaching one.
          throw error instanceof ORPCError ? error : toRpcError(error, { procedure: path.join('.'), logger });
        }
      },
    ],
  });
  const rpc = new RPCHandler<HttpContext>(router, { customJsonSerializers });

  const handle =
    (handler: OpenAPIHandler<HttpContext> | RPCHandler<HttpContext>, prefix: `/${string}`) =>
    async ({ request, response, pathname, query }: Call): Promise<boolean> => {
      const key = request.headers['idempotency-key'];
      const context: HttpContext = {
        pathname,
        query,
        idempotencyKey: typeof key === 'string' ? key : undefined,
        ifNoneMatch: request.headers['if-none-match'],
        respond: {},
      };
      return (await handler.handle(request, response, { prefix, context })).matched;
    };
  return { api: handle(api, API_PREFIX), rpc: handle(rpc, RPC_PREFIX) };
}

interface ProcedureCall {
  readonly procedure: AnyProcedure;
  readonly input: unknown;
  readonly context: HttpContext;
}

/** The input, in which path parameters override body and query; query values are coerced to the schema's types. */
function readInput({ procedure, input, context }: ProcedureCall): unknown {
  const { route, inputSchema } = procedure['~orpc'];
  assertKnownParameters(route, inputSchema, context.query);
  const own = pathParameters(`${API_PREFIX}${route.path ?? ''}`, context.pathname);
  const named = isRecord(input) ? { ...input, ...own } : input;
  return route.method === 'GET' && inputSchema !== undefined ? coerceQuery(inputSchema, named) : named;
}

type StandardResponse = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
};

/** With its entity tag; without a body for a caller that has it already (RFC 9110, section 13.1.2). */
function tagged<T extends StandardResponse>(response: T, { respond: { etag }, ifNoneMatch }: HttpContext): T {
  if (etag === undefined) return response;
  // Every use asks again, as the label may have moved.
  const headers = { ...response.headers, etag, 'cache-control': 'no-cache' };
  const known = ifNoneMatch?.split(',').map((text) => text.trim().replace(/^W\//, '')) ?? [];
  if (!known.includes(etag) && !known.includes('*')) return { ...response, headers };
  return { ...response, headers, status: 304, body: undefined };
}

/** A provider's bytes are sent as a download, with a type that no browser renders. */
function inertDownload<T extends StandardResponse>(response: T): T {
  const { body } = response;
  if (!(body instanceof Blob)) return response;
  const essence = body.type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const extension = INERT_TYPES[essence];
  const name = body instanceof File ? body.name.replace(/[^\w.-]/g, '_') : 'raw';
  const disposition = `attachment; filename="${name}.${extension ?? 'bin'}"`;
  return {
    ...response,
    headers: { ...response.headers, 'content-disposition': disposition },
    body: new Blob([body], { type: extension === undefined ? 'application/octet-stream' : body.type }),
  };
}

/** Media types that no browser executes, with their file extensions. */
const INERT_TYPES: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'text/event-stream': 'txt',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
};
