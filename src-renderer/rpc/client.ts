import { createORPCClient, type ClientContext, type ClientLink } from '@orpc/client';
import { RPCLink as HttpLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { ordinaryNames, type Contract } from '../../src-shared/contract';
import { connection } from './connection';
import { electronPort } from './electron-port';

type ApiClient = ContractRouterClient<Contract>;

type Link = ClientLink<ClientContext>;

const customJsonSerializers = [ordinaryNames];

/** The page's scheme tells loopback HTTP from the desktop window. */
function isOverHttp(): boolean {
  return window.location.protocol === 'http:' || window.location.protocol === 'https:';
}

async function openPortLink(): Promise<Link> {
  const port = await electronPort();
  port.start();
  return new PortLink({ port, customJsonSerializers });
}

function openHttpLink(): Link {
  return new HttpLink({
    url: new URL('/rpc', window.location.href),
    customJsonSerializers,
    fetch: async (request, init) => {
      const response = await fetch(request, { ...init, credentials: 'same-origin' });
      if (response.status === 401) connection.setState({ session: 'expired' });
      return response;
    },
  });
}

let opened: Promise<Link> | undefined;

const link: Link = {
  async call(path, input, options) {
    opened ??= isOverHttp() ? Promise.resolve(openHttpLink()) : openPortLink();
    return (await opened).call(path, input, options);
  },
};

/** Every procedure of the contract, over this host's transport. */
export const api: ApiClient = createORPCClient(link);

export const orpc = createTanstackQueryUtils(api);
