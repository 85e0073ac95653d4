import { createRouterClient } from '@orpc/server';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-shared/contract';
import { requestContext } from './request-context';
import type { AppRouter } from './router';

/** The contract as a client sees it, over any transport. */
export type PrompterClient = ContractRouterClient<Contract>;

/** Calls the procedures in this process, with the same checks and errors as over a wire. */
export function createClient(router: AppRouter): PrompterClient {
  return createRouterClient(router, { context: () => requestContext() });
}
