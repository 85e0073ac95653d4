import { hash } from 'node:crypto';
import {
  AppError,
  isSent,
  messagesOfTexts,
  normalMessage,
  type Message,
  type SentMessage,
  type TwoTexts,
  type Variables,
} from '../../src-shared/domain';
import { contentPath, slotsOf, twoTextsOf, type RenderedContent, type Slot } from './content';
import { compile, renderCompiled, variableUses, type VariableUse } from './liquid/engine';
import { missingVariableOf } from './liquid/error';
import { NO_PARTIALS, type Partials } from './liquid/partial-tag';
import { fileOf, messagesOf } from './variable-values';

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
export function renderPrompt(
  texts: TwoTexts,
  variables: Variables,
  partials: Partials = NO_PARTIALS,
): RenderedPrompt {
  return namingMissing(texts, variables, partials, () => {
    const [system, user] = FIELDS.map((field) =>
      renderCompiled(compile(texts[field], field, partials), variables, field),
    );
    return { system: system ?? '', user: user ?? '' };
  });
}

/**
 * The exact messages that are sent: texts as `renderPrompt` fills them, placeholders replaced by the messages of their
 * variable, files by those that their variables name. A system message that renders to nothing says nothing, so it is
 * left out.
 * @throws MISSING_VARIABLE naming every missing one, TEMPLATE_SYNTAX, RENDER_LIMIT; VALIDATION_FAILED for a value that is
 * no list of messages or no file
 */
export function renderMessages(
  content: RenderedContent,
  variables: Variables,
  partials: Partials = NO_PARTIALS,
): SentMessage[] {
  const { messages = [] } = content;
  const texts = twoTextsOf(content);
  if (texts !== null) {
    const { system, user } = renderPrompt(texts, variables, partials);
    return messagesOfTexts({ system_instructions: system, user_prompt_template: user });
  }
  const lacking = slotsOf(content)
    .flatMap((slot) => usesOf(slot, partials))
    .find((use) => use.isWhole && isMissing(use, variables));
  if (lacking !== undefined) {
    throw missingVariables(allMissing(content, variables, partials, lacking.name));
  }
  return namingMissing(content, variables, partials, () =>
    messages.flatMap((message, index) => {
      if ('placeholder' in message) return messagesOf(message.placeholder, variables);
      const filled = filledMessage(message, index, variables, partials);
      return filled.role === 'system' && filled.content === '' ? [] : [filled];
    }),
  );
}

function filledMessage(
  message: Exclude<Message, { placeholder: string }>,
  index: number,
  variables: Variables,
  partials: Partials,
): SentMessage {
  const fill = (text: string, path: string): string =>
    renderCompiled(compile(text, path, partials), variables, path);
  const content =
    typeof message.content === 'string'
      ? fill(message.content, contentPath(index))
      : message.content.map((part, at) => {
          if (part.type === 'text')
            return { ...part, text: fill(part.text, `${contentPath(index, at)}.text`) };
          return 'variable' in part ? fileOf(part, variables) : part;
        });
  const filled = normalMessage({ ...message, content });
  if (!isSent(filled)) throw new Error(`message ${String(index)} still has a variable`);
  return filled;
}

/** Names of the variables that a template reads, in order of first use. @throws TEMPLATE_SYNTAX, RENDER_LIMIT */
export function staticVariables(content: RenderedContent, partials: Partials = NO_PARTIALS): string[] {
  return [...new Set(usesIn(content, partials).map(({ name }) => name))];
}

/**
 * Static variables that may be omitted: every use in a text has a `default`, every placeholder is optional.
 * @throws TEMPLATE_SYNTAX, RENDER_LIMIT
 */
export function optionalVariables(content: RenderedContent, partials: Partials = NO_PARTIALS): string[] {
  const uses = usesIn(content, partials);
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

/** A use of a variable; `isWhole` where its value itself is what is sent, so that null is no value. */
interface Use extends VariableUse {
  readonly isWhole: boolean;
}

function usesIn(content: RenderedContent, partials: Partials): Use[] {
  return slotsOf(content).flatMap((slot) => usesOf(slot, partials));
}

function usesOf(slot: Slot, partials: Partials): Use[] {
  switch (slot.kind) {
    case 'text':
      return variableUses(compile(slot.text, slot.path, partials), slot.path).map((use) => ({
        ...use,
        isWhole: false,
      }));
    case 'messages':
      return [{ name: slot.variable, path: [slot.variable], isOptional: slot.optional, isWhole: true }];
    case 'file':
      return [{ name: slot.variable, path: [slot.variable], isOptional: false, isWhole: true }];
  }
}

function namingMissing<T>(
  content: RenderedContent,
  variables: Variables,
  partials: Partials,
  render: () => T,
): T {
  try {
    return render();
  } catch (error) {
    const first = missingVariableOf(error);
    if (first === undefined) throw error;
    throw missingVariables(allMissing(content, variables, partials, first), error);
  }
}

/** The engine stops at the first one; people want to fix all at once, including those in branches not taken. */
function allMissing(
  content: RenderedContent,
  variables: Variables,
  partials: Partials,
  first: string,
): string[] {
  const missing = usesIn(content, partials)
    .filter((use) => isMissing(use, variables))
    .map(({ path }) => path.join('.'));
  return [...new Set(missing.length > 0 ? missing : [first])];
}

function isMissing({ name, path, isOptional, isWhole }: Use, variables: Variables): boolean {
  if (isOptional) return false;
  return isWhole ? !Object.hasOwn(variables, name) || variables[name] === null : !isGiven(variables, path);
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

function missingVariables(names: readonly string[], cause?: unknown): AppError {
  const subject = names.length === 1 ? 'A variable has no value' : `${names.length} variables have no value`;
  return new AppError('MISSING_VARIABLE', `${subject}: ${names.join(', ')}.`, {
    data: { variables: names },
    cause,
  });
}
