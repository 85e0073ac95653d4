import {
  createORPCClient,
  mapEventIterator,
  ORPCError,
  type ClientContext,
  type ClientLink,
} from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import * as z from 'zod';
import { ordinaryNames, type BinaryBody } from '../../../../src-shared/contract';
import { AppError } from '../../../../src-shared/domain';
import type { PrompterClient } from '../../../rpc';
import { loopbackFetch } from './loopback';
import { ownerClosed } from './owner-closed';
import { streamedBody } from './streamed';

/** The contract over the loopback API of the process that has the store: same calls, same answers, same errors. */
export function attachedClient(url: string, key: string): PrompterClient {
  const authorization = `Bearer ${key}`;
  const rpc = new RPCLink({
    url: `${url}/rpc`,
    headers: { authorization },
    customJsonSerializers: [ordinaryNames],
    fetch: async (request) => refused(await loopbackFetch(request)),
  });
  const link: ClientLink<ClientContext> = {
    async call(path, input, options) {
      const inWords = (error: unknown): unknown => failureOf(error, options.signal);
      try {
        if (path.join('.') === 'audit.export') return await streamedExport(options.signal, inWords);
        const output = await rpc.call(path, input, options);
        return isEvents(output)
          ? mapEventIterator(output, {
              value: async (value) => value,
              error: async (error) => inWords(error),
            })
          : output;
      } catch (error) {
        throw inWords(error);
      }
    },
  };
  return createORPCClient(link);

  /** An export may be larger than memory. The plain API answers with its bytes; oRPC's client would collect them first. */
  async function streamedExport(
    signal: AbortSignal | undefined,
    inWords: (error: unknown) => unknown,
  ): Promise<BinaryBody> {
    const request = new Request(`${url}/v1/audit/export`, { headers: { authorization }, signal });
    const response = await refused(await loopbackFetch(request));
    if (!response.ok) throw new Error(`The export was answered with ${response.status}.`);
    return streamedBody(response, inWords);
  }
}

function failureOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof ORPCError) return error;
  return signal?.aborted === true
    ? new AppError('CANCELLED', 'The request was cancelled.')
    : ownerClosed(error);
}

const refusalSchema = z.strictObject({
  code: z.string(),
  status: z.number(),
  message: z.string(),
  data: z.unknown(),
});

/** What the server refuses before a procedure sees it has no envelope of oRPC's around it. */
async function refused(response: Response): Promise<Response> {
  if (response.status < 400) return response;
  // Another start of Prompter has another key.
  if (response.status === 401) throw ownerClosed(null);
  const refusal = refusalSchema.safeParse(await response.clone().json()).data;
  if (refusal === undefined) return response;
  const { code, ...rest } = refusal;
  throw new ORPCError(code, rest);
}

function isEvents(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}
