import {
  createORPCClient,
  mapEventIterator,
  ORPCError,
  type ClientContext,
  type ClientLink,
} from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import * as z from 'zod';
import { ordinaryNames } from '../../../../src-shared/contract';
import { AppError } from '../../../../src-shared/domain';
import type { PrompterClient } from '../../../rpc';
import { loopbackFetch } from './loopback';
import { ownerClosed } from './owner-closed';

/** The contract over the loopback API of the process that has the store: same calls, same answers, same errors. */
export function attachedClient(url: string, key: string): PrompterClient {
  const rpc = new RPCLink({
    url: `${url}/rpc`,
    headers: { authorization: `Bearer ${key}` },
    customJsonSerializers: [ordinaryNames],
    fetch: async (request) => refused(await loopbackFetch(request)),
  });
  const link: ClientLink<ClientContext> = {
    async call(path, input, options) {
      const inWords = (error: unknown): unknown => failureOf(error, options.signal);
      try {
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
