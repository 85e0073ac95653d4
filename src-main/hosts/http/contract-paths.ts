import { contract } from '../../../src-shared/contract';

/** Path prefix of the contract's routes. */
export const API_PREFIX = '/v1';

interface ContractPath {
  readonly method: string;
  readonly pattern: readonly string[];
}

const PATHS: readonly ContractPath[] = Object.values(contract).flatMap((area) =>
  Object.values(area).map((procedure) => {
    const { method = 'POST', path = '/' } = procedure['~orpc'].route;
    return { method, pattern: `${API_PREFIX}${path}`.split('/') };
  }),
);

/** The methods that the contract defines at a path, without duplicates; empty if there is no such path. */
export function contractMethods(pathname: string): readonly string[] {
  const segments = pathname.split('/');
  const found = PATHS.filter(({ pattern }) => matches(pattern, segments)).map(({ method }) => method);
  return [...new Set(found)];
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith('{') ? segments[index] !== '' : part === segments[index]))
  );
}
