/** An object to be written as it is: oRPC copies plain objects only. */
class Verbatim extends Object {
  constructor(data: object) {
    super();
    Object.defineProperties(this, Object.getOwnPropertyDescriptors(data));
  }
}

/**
 * oRPC copies each object by assignment, where a name `__proto__` sets the prototype and is lost, with all below it. In
 * JSON it is a name like any other, and what a model answered has to arrive unchanged. Every end of a wire takes this as
 * one of its `customJsonSerializers`.
 */
export const ordinaryNames = {
  /** Any number that oRPC does not use itself. */
  type: 20,
  condition: (data: unknown): boolean =>
    typeof data === 'object' &&
    data !== null &&
    !(data instanceof Verbatim) &&
    Object.hasOwn(data, '__proto__'),
  serialize: (data: object): object => new Verbatim(data),
  deserialize: (data: unknown): unknown => data,
};
