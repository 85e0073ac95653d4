import type { ContractProcedure } from '@orpc/contract';
import type { AnyProcedure, Procedure } from '@orpc/server';
import { contract, type Contract } from '../../src-shared/contract';
import type { Call, Core, InputOf, Logger, Services } from '../ports';
import { implementProcedure, type SomeProcedure } from './base';
import type { RequestContext } from './request-context';
import { specialHandlers, type Handler } from './special-handlers';

export interface RouterDependencies {
  readonly core: Core;
  readonly logger: Logger;
  readonly version: string;
}

export type AppRouter = {
  readonly [Area in keyof Contract]: {
    readonly [Name in keyof Contract[Area]]: Contract[Area][Name] extends ContractProcedure<
      infer Input,
      infer Output,
      infer Errors,
      infer Meta
    >
      ? Procedure<RequestContext, RequestContext, Input, Output, Errors, Meta>
      : never;
  };
};

/**
 * The whole contract over one core, as every host serves it. Each procedure is its service's method of the same name.
 */
export function createRouter({ core, logger, version }: RouterDependencies): AppRouter {
  const special: ByName<Handler<SomeProcedure>> = specialHandlers(core, version);
  const services: Services = core;
  const router = byName((procedure, area, name) =>
    implementProcedure(procedure, logger).handler(special[area]?.[name] ?? forwardTo(services, area, name)),
  );
  if (!isRouter(router)) throw new Error('The router does not have every procedure of the contract.');
  return router;
}

/** A value for each procedure, by area and name. */
type ByName<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

function byName<T>(make: (procedure: SomeProcedure, area: string, name: string) => T): ByName<T> {
  return Object.fromEntries(
    Object.entries(contract).map(([area, procedures]) => [
      area,
      Object.fromEntries(
        Object.entries<SomeProcedure>(procedures).map(([name, procedure]) => [
          name,
          make(procedure, area, name),
        ]),
      ),
    ]),
  );
}

/**
 * Calls the service. A loop over names loses the types that tie inputs to methods; `Services` guarantees them for the
 * core, and inputs were validated by the procedure's schema.
 */
function forwardTo(
  services: ByName<(input: InputOf<SomeProcedure>, call: Call) => unknown>,
  area: string,
  name: string,
): Handler<SomeProcedure> {
  return ({ input, signal }) => {
    const method = services[area]?.[name];
    if (!method) throw new Error(`no service answers ${area}.${name}`);
    return method(input, { signal });
  };
}

/** Whether every procedure of the contract is implemented, under its name and with its schemas. */
function isRouter(router: ByName<AnyProcedure>): router is AppRouter {
  return Object.entries(contract).every(([area, procedures]) =>
    Object.entries<SomeProcedure>(procedures).every(([name, { '~orpc': wanted }]) => {
      const made = router[area]?.[name]?.['~orpc'];
      return made?.inputSchema === wanted.inputSchema && made?.outputSchema === wanted.outputSchema;
    }),
  );
}
