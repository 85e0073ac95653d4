import type { SupportedMessagePort } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import { ordinaryNames } from '../../../src-shared/contract';
import { requestContext, type AppRouter } from '../../rpc';

/** Serves the contract on one end of a message channel; whoever holds the other end is the window. */
export function serveOnPort(router: AppRouter, port: SupportedMessagePort): void {
  new RPCHandler(router, { customJsonSerializers: [ordinaryNames] }).upgrade(port, {
    context: requestContext(),
  });
}
