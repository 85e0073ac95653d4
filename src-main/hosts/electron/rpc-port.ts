import type { SupportedMessagePort } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import { ordinaryNames } from '../../../src-shared/contract';
import { requestContext, type AppRouter } from '../../rpc';

/** Serves the contract on one end of a message channel; the window holds the other. */
export function serveOnPort(router: AppRouter, port: SupportedMessagePort): void {
  new RPCHandler(router, { customJsonSerializers: [ordinaryNames] }).upgrade(port, {
    context: requestContext(),
  });
}
