import type { FieldProblem } from '../../../src-shared/domain';
import type { CallRequest } from '../../ports';
import type { BuiltRequest } from './request-body';

/** The protocol or the model has no place for something that is to be sent. */
class Untaken extends Error {
  constructor(readonly problem: FieldProblem) {
    super(`${problem.path}: ${problem.message}`);
  }
}

/** Gives up building a request. `path` counts messages as they are sent. */
export function untaken(path: string, message: string): never {
  throw new Untaken({ path, message });
}

/** The request, or what of it was `untaken`. */
export function builtUnless(build: () => BuiltRequest): BuiltRequest {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof Untaken)) throw error;
    return { ok: false, message: error.message, untaken: error.problem };
  }
}

export function whyNotTaken(build: (request: CallRequest) => BuiltRequest) {
  return (request: CallRequest): FieldProblem | null => {
    const built = build(request);
    return built.ok ? null : (built.untaken ?? null);
  };
}
