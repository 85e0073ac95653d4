import { mapEventIterator } from '@orpc/client';
import { implement } from '@orpc/server';
import { contract } from '../../src-shared/contract';
import { validationError } from '../../src-shared/domain';
import type { Core, Logger } from '../ports';
import { toRpcError } from './map-errors';
import type { RequestContext } from './request-context';
import { assertWellFormed } from './well-formed';

export interface RouterDependencies {
  readonly core: Core;
  readonly logger: Logger;
  readonly version: string;
}

/** The contract's implementer with the error mapping around everything: input check, handler, output check, streams. */
export function createImplementer({ logger }: Pick<RouterDependencies, 'logger'>) {
  return implement(contract)
    .$context<RequestContext>()
    .use(async ({ next, path, procedure }, input, output) => {
      const where = { procedure: path.join('.'), logger };
      try {
        assertWellFormed(input);
        if (procedure['~orpc'].inputSchema === undefined) assertNothingGiven(input);
        const result = await next();
        if (!isEventIterator(result.output)) return result;
        return output(
          mapEventIterator(result.output, {
            value: async (value) => value,
            error: async (error) => toRpcError(error, where),
          }),
        );
      } catch (error) {
        throw toRpcError(error, where);
      }
    });
}

export type Implementer = ReturnType<typeof createImplementer>;

/** A procedure without an input has no schema that would refuse what it does not take. @throws VALIDATION_FAILED */
function assertNothingGiven(input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  const fields = Object.keys(input).map((path) => ({
    path,
    message: 'is not a known field: this takes none',
  }));
  if (fields.length > 0) throw validationError(fields);
}

function isEventIterator(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}
