import { mapEventIterator } from '@orpc/client';
import type { AnySchema, ContractProcedure, ErrorMap, Meta } from '@orpc/contract';
import { implement } from '@orpc/server';
import { validationError } from '../../src-shared/domain';
import type { Logger } from '../ports';
import { toRpcError } from './map-errors';
import type { RequestContext } from './request-context';
import { assertWellFormed } from './well-formed';

/** Whichever procedure: what goes into it and comes out of it is `any` in oRPC's types, and its schemas check it. */
export type SomeProcedure = ContractProcedure<AnySchema, AnySchema, ErrorMap, Meta>;

/** Both checks run inside the one middleware, which maps what they reject. */
const CHECKS_INSIDE = { initialInputValidationIndex: 1, initialOutputValidationIndex: 1 };

/** A procedure with error mapping around everything: input check, handler, output check, streams. */
export function implementProcedure(procedure: SomeProcedure, logger: Logger) {
  return implement(procedure, CHECKS_INSIDE)
    .$context<RequestContext>()
    .use(async ({ next, path }, input, output) => {
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

/** Without an input schema, nothing would reject unexpected input. @throws VALIDATION_FAILED */
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
