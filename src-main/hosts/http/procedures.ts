import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { RPCHandler } from '@orpc/server/node';
import type { AppRouter, RequestContext } from '../../rpc';
import type { ErrorBody } from './refusal';
import { coerceQuery, pathParameters } from './query-input';

export const API_PREFIX = '/v1';
const RPC_PREFIX = '/rpc';

interface HttpContext extends RequestContext {
  readonly pathname: string;
}

type Call = {
  readonly request: IncomingMessage & { body?: unknown };
  readonly response: ServerResponse;
  readonly pathname: string;
};

/** The contract over HTTP, twice: as a plain REST API, and for the interface in oRPC's own protocol. */
export interface Procedures {
  /** False where no procedure has this path. */
  api(call: Call): Promise<boolean>;
  rpc(call: Call): Promise<boolean>;
}

export function createProcedures(router: AppRouter): Procedures {
  const api = new OpenAPIHandler<HttpContext>(router, {
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
        const replaced = response.status < 300 ? context.respond.status : undefined;
        return {
          ...result,
          response: inertDownload({ ...response, status: replaced ?? response.status }),
        };
      },
    ],
    clientInterceptors: [
      async ({ next, ...options }) => {
        const { route, inputSchema } = options.procedure['~orpc'];
        const { input, context } = options;
        const own = pathParameters(`${API_PREFIX}${route.path ?? ''}`, context.pathname);
        const named = isRecord(input) ? { ...input, ...own } : input;
        const coerce = route.method === 'GET' && inputSchema !== undefined;
        return next({ ...options, input: coerce ? coerceQuery(inputSchema, named) : named });
      },
    ],
  });
  const rpc = new RPCHandler<HttpContext>(router);

  const handle =
    (handler: OpenAPIHandler<HttpContext> | RPCHandler<HttpContext>, prefix: `/${string}`) =>
    async ({ request, response, pathname }: Call): Promise<boolean> => {
      const key = request.headers['idempotency-key'];
      const context: HttpContext = {
        pathname,
        idempotencyKey: typeof key === 'string' ? key : undefined,
        respond: {},
      };
      return (await handler.handle(request, response, { prefix, context })).matched;
    };
  return { api: handle(api, API_PREFIX), rpc: handle(rpc, RPC_PREFIX) };
}

type StandardResponse = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
};

/** Bytes from a provider go out as a file to be saved, under a type that no browser renders. */
function inertDownload<T extends StandardResponse>(response: T): T {
  const { body } = response;
  if (!(body instanceof Blob)) return response;
  const name = body instanceof File ? body.name.replace(/[^\w.-]/g, '_') : 'raw';
  return {
    ...response,
    headers: { ...response.headers, 'content-disposition': `attachment; filename="${name}"` },
    body: new Blob([body], { type: inertType(body.type) }),
  };
}

function inertType(type: string): string {
  const essence = type.split(';', 1)[0]?.trim().toLowerCase();
  return essence === 'application/json' || essence === 'text/event-stream'
    ? type
    : 'application/octet-stream';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
