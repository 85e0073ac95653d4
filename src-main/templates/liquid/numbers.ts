import type { Liquid } from 'liquidjs';

const NUMBER_FILTERS = ['divided_by', 'modulo', 'times', 'plus', 'minus', 'sum'];

/**
 * Rejects non-numbers: on division by 0, the engine writes "Infinity" and "NaN" into the prompt, while Liquid itself
 * reports an error.
 */
export function refuseNonNumbers(engine: Liquid): void {
  for (const name of NUMBER_FILTERS) {
    const filter = engine.filters[name];
    const handler = typeof filter === 'function' ? filter : filter?.handler;
    if (handler === undefined) throw new Error(`The template engine has no filter "${name}".`);
    engine.registerFilter(name, function* (value: unknown, ...options: unknown[]): Generator<
      unknown,
      unknown
    > {
      const result: unknown = yield handler.call(this, value, ...options);
      if (typeof result !== 'number' || Number.isFinite(result)) return result;
      throw new Error(`the filter ${name} has no result here (division by 0, or a number that is too large)`);
    });
  }
}
