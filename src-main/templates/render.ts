import { hash } from 'node:crypto';
import { AppError, type Variables } from '../../src-shared/domain';
import { textsOf, type RenderedContent } from './content';
import { compile, renderCompiled, variableUses, type VariableUse } from './liquid';
import { missingVariableOf } from './liquid-error';

/** The two texts of a template. */
export interface PromptTexts {
  readonly system_instructions: string;
  readonly user_prompt_template: string;
}

export interface RenderedPrompt {
  readonly system: string;
  readonly user: string;
}

const FIELDS = ['system_instructions', 'user_prompt_template'] as const;

/**
 * Substitutes variables. Values are data: braces in them stay braces. Null becomes empty, a number is written as in
 * JavaScript, an array as its joined elements, an object as JSON.
 * @throws MISSING_VARIABLE naming every missing one, TEMPLATE_SYNTAX, RENDER_LIMIT
 */
export function renderPrompt(texts: PromptTexts, variables: Variables): RenderedPrompt {
  try {
    const [system, user] = FIELDS.map((field) =>
      renderCompiled(compile(texts[field], field), variables, field),
    );
    return { system: system ?? '', user: user ?? '' };
  } catch (error) {
    const first = missingVariableOf(error);
    if (first === undefined) throw error;
    throw missingVariables(allMissing(texts, variables, first), error);
  }
}

/** Names of the variables that the texts read, in order of first use. @throws TEMPLATE_SYNTAX, RENDER_LIMIT */
export function staticVariables(texts: RenderedContent): string[] {
  return [...new Set(usesIn(texts).map(({ name }) => name))];
}

/** Static variables that may be omitted: every use has a `default`. @throws TEMPLATE_SYNTAX, RENDER_LIMIT */
export function optionalVariables(texts: RenderedContent): string[] {
  const uses = usesIn(texts);
  const needed = new Set(uses.filter(({ isOptional }) => !isOptional).map(({ name }) => name));
  return [...new Set(uses.map(({ name }) => name))].filter((name) => !needed.has(name));
}

/** The exact text recorded as `rendered_prompt`: what goes to the model, system instructions first. */
export function renderedPromptOf({ system, user }: RenderedPrompt): string {
  return system === '' ? user : `${system}\n\n${user}`;
}

/** `rendered_prompt_sha256`: of the exact text, without the normalisation used to compare outputs. */
export function renderedPromptSha256(prompt: RenderedPrompt): string {
  return hash('sha256', renderedPromptOf(prompt));
}

function usesIn(content: RenderedContent): VariableUse[] {
  return textsOf(content).flatMap(({ text, path }) => variableUses(compile(text, path), path));
}

/** The engine stops at the first one; people want to fix all at once, including those in branches not taken. */
function allMissing(texts: PromptTexts, variables: Variables, first: string): string[] {
  const missing = usesIn(texts)
    .filter(({ path, isOptional }) => !isOptional && !isGiven(variables, path))
    .map(({ path }) => path.join('.'));
  return [...new Set(missing.length > 0 ? missing : [first])];
}

/** In Liquid, anything inside null is null, and arrays and texts have `size`, `first` and `last`. */
function isGiven(variables: Variables, path: readonly (string | number)[]): boolean {
  let value: unknown = variables;
  for (const segment of path) {
    if (['size', 'first', 'last'].includes(String(segment)) && value !== variables) return true;
    if (value === null) return true;
    if (typeof value !== 'object' || !Object.hasOwn(value, segment)) return false;
    value = Reflect.get(value, segment);
  }
  return true;
}

function missingVariables(names: readonly string[], cause: unknown): AppError {
  const subject = names.length === 1 ? 'A variable has no value' : `${names.length} variables have no value`;
  return new AppError('MISSING_VARIABLE', `${subject}: ${names.join(', ')}.`, {
    data: { variables: names },
    cause,
  });
}
