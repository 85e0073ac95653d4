/** The names of an object's own fields, typed. */
export function keysOf<T extends object>(fields: T): readonly (keyof T & string)[] {
  return Object.keys(fields).filter((name): name is keyof T & string => Object.hasOwn(fields, name));
}
