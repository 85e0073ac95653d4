import { MessageChannel } from 'node:worker_threads';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as HttpRpcLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import * as z from 'zod';
import { contract, ordinaryNames } from '../../src-shared/contract';
import type { Core } from '../../src-main/ports';
import { serveOnPort } from '../../src-main/hosts/electron/rpc-port';
import { startHttpHost } from '../../src-main/hosts/http';
import { createClient, createRouter, type PrompterClient } from '../../src-main/rpc';

export interface Transport {
  readonly client: PrompterClient;
  close(): Promise<void>;
}

const quiet = { log: () => {} };
const version = '1.2.3';
const customJsonSerializers = [ordinaryNames];

async function inProcess(core: Core): Promise<Transport> {
  return { client: createClient(createRouter({ core, logger: quiet, version })), close: async () => {} };
}

async function messagePort(core: Core): Promise<Transport> {
  const { port1, port2 } = new MessageChannel();
  serveOnPort(createRouter({ core, logger: quiet, version }), port1);
  port1.start();
  const client: PrompterClient = createORPCClient(new PortLink({ port: port2, customJsonSerializers }));
  port2.start();
  return { client, close: async () => port2.close() };
}

async function httpRpc(core: Core): Promise<Transport> {
  const host = await startHttpHost({ core, logger: quiet, version, port: 0, rendererDir: null });
  const headers = { authorization: `Bearer ${host.token}` };
  const client: PrompterClient = createORPCClient(
    new HttpRpcLink({ url: `${host.url}/rpc`, headers, customJsonSerializers }),
  );
  return { client, close: () => host.close() };
}

const errorBody = z.strictObject({
  code: z.string(),
  status: z.number(),
  message: z.string(),
  data: z.unknown(),
});

async function httpRest(core: Core): Promise<Transport> {
  const host = await startHttpHost({ core, logger: quiet, version, port: 0, rendererDir: null });
  const link = new OpenAPILink(contract, {
    url: `${host.url}/v1`,
    customJsonSerializers,
    headers: { authorization: `Bearer ${host.token}` },
    customErrorResponseBodyDecoder: (body) => {
      const { code, ...rest } = errorBody.parse(body);
      return new ORPCError(code, rest);
    },
  });
  const client: PrompterClient = createORPCClient(link);
  return { client, close: () => host.close() };
}

export const TRANSPORTS: Readonly<Record<string, (core: Core) => Promise<Transport>>> = {
  'in process': inProcess,
  'message port': messagePort,
  'http, rpc protocol': httpRpc,
  'http, rest': httpRest,
};
