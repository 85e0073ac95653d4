import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError, fieldProblemsOf, PRACTICE_VENDORS, validationError } from '../../src-shared/domain';
import { problemInWords, readExactJson } from '../../src-shared/files';
import { faultsSchema } from './faults';
import type { Faults } from './faults';

const positive = z.number().int().min(1);

const ruleSchema = z.strictObject({
  /** Every given condition must hold; an empty match applies to every request. */
  match: z
    .strictObject({
      protocol: z.enum(PRACTICE_VENDORS).optional(),
      /** The model's id without a fault suffix; `*` matches any text. */
      model: z.string().min(1).optional(),
      /** The request's path without its query; `*` matches any text. */
      path: z.string().min(1).optional(),
      /** Text that the request's body contains. */
      contains: z.string().min(1).optional(),
      /** Only these of the requests that meet the conditions above, counted from 1. */
      nth: z.union([positive, z.array(positive).min(1)]).optional(),
      /** Only every N-th of them. */
      every: positive.optional(),
    })
    .default({}),
  do: faultsSchema,
});

const scriptSchema = z.array(ruleSchema);

/** One rule of a fault script, as written in its JSON file. */
export type ScriptRule = z.input<typeof ruleSchema>;

export interface ScriptedRequest {
  readonly protocol: string;
  readonly model: string;
  readonly path: string;
  /** Called only if a rule needs it: decoding every body would slow the hot path. */
  readonly bodyText: () => string;
}

/** The faults that a script calls for; rules apply in order, later ones win. Stateful: call it once per request. */
export type FaultScript = (request: ScriptedRequest) => Faults;

/** @throws VALIDATION_FAILED naming the field that is wrong */
export function compileScript(source: unknown): FaultScript {
  const parsed = scriptSchema.safeParse(source);
  if (!parsed.success) {
    const fields = fieldProblemsOf(parsed.error.issues);
    throw validationError(fields.map(({ path, message }) => ({ path: path || 'script', message })));
  }
  const rules = parsed.data.map(({ match, do: faults }) => {
    const model = match.model === undefined ? undefined : glob(match.model);
    const path = match.path === undefined ? undefined : glob(match.path);
    const nth = match.nth === undefined ? undefined : new Set([match.nth].flat());
    let seen = 0;
    return (request: ScriptedRequest): Faults | undefined => {
      if (match.protocol !== undefined && match.protocol !== request.protocol) return undefined;
      if (model !== undefined && !model.test(request.model)) return undefined;
      if (path !== undefined && !path.test(request.path)) return undefined;
      if (match.contains !== undefined && !request.bodyText().includes(match.contains)) return undefined;
      seen += 1;
      if (nth !== undefined && !nth.has(seen)) return undefined;
      if (match.every !== undefined && seen % match.every !== 0) return undefined;
      return faults;
    };
  });
  return (request) => {
    const faults: Faults = {};
    for (const rule of rules) {
      const found = rule(request);
      if (found !== undefined) Object.assign(faults, found);
    }
    return faults;
  };
}

export function readScript(file: string): FaultScript {
  const unreadable = (why: string, cause?: unknown): AppError =>
    new AppError('VALIDATION_FAILED', `The script ${file} cannot be read: ${why}`, { cause });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const source = readExactJson(text);
  if (!source.ok) throw unreadable(problemInWords(source.problem));
  return compileScript(source.value);
}

function glob(pattern: string): RegExp {
  const escaped = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's');
}
