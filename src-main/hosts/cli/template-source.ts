import { extname } from 'node:path';
import * as z from 'zod';
import { ORPCError } from '@orpc/contract';
import {
  AppError,
  fieldProblemsOf,
  newTemplateSchema,
  type NamedTemplate,
  type NewTemplateInput,
  templateTitle,
} from '../../../src-shared/domain';
import { readExactJson } from '../../../src-shared/files/exact-json';
import type { Reading } from '../../../src-shared/files';
import type { PrompterClient } from '../../rpc';
import { usageError } from './failure';
import { accepted, readGivenText } from './files';
import { namedTemplate } from './prompt-source';
import { inert, type Terminal } from './terminal';

const FILE_TYPES = new Set(['.json', '.yaml', '.yml']);
const OTHER_FORMATS = new Set(['.prompt', '.prompty']);

/** Whether an argument names a file rather than a template. A prompt's name may have slashes too, as in `mail/reply@v3`. */
export function isTemplateFile(argument: string): boolean {
  const type = extname(argument).toLowerCase();
  return FILE_TYPES.has(type) || OTHER_FORMATS.has(type) || /[\\/](?!.*@[^@\\/]+$)/.test(argument);
}

/** @throws naming the field that is wrong */
export async function readTemplateFile(file: string): Promise<NewTemplateInput> {
  const type = extname(file).toLowerCase();
  if (OTHER_FORMATS.has(type)) {
    throw usageError(
      `${file}: ${type} files cannot be imported yet. Write the template as JSON or YAML with the fields of the API.`,
    );
  }
  if (!FILE_TYPES.has(type)) throw usageError(`${file}: a template file must end in .json, .yaml or .yml.`);
  const text = await readGivenText(file);
  const value = text.trim() === '' ? null : accepted(file, await readAs(type, text));
  // A file of comments alone holds nothing either.
  if (value === null) {
    throw usageError(
      `${file} is empty. Write the template with the fields of the API, such as name and model_id.`,
    );
  }
  const result = newTemplateSchema.safeParse(value);
  if (!result.success) {
    const fields = fieldProblemsOf(result.error.issues);
    const words = fields.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ');
    const known = Object.keys(newTemplateSchema.shape).join(', ');
    throw new AppError('VALIDATION_FAILED', `${file}: ${words}. Fields of a template: ${known}.`, {
      data: { file, fields },
    });
  }
  return result.data;
}

async function readAs(type: string, text: string): Promise<Reading<unknown>> {
  if (type === '.json') return readExactJson(text);
  const { readYaml } = await import('./yaml');
  return readYaml(text);
}

export interface FoundTemplate {
  readonly template: NamedTemplate;
  /** `created` from the file, `existing` with the file's configuration, or `named`. */
  readonly origin: 'created' | 'existing' | 'named';
  /** The label that named it. */
  readonly label: string | null;
  /** What its file calls it. */
  readonly fileName?: string;
}

/** Prints which template was created from the file, or already existed. */
export function printOrigin(terminal: Terminal, { template, origin, fileName }: FoundTemplate): void {
  const title = templateTitle(template);
  const { template_id, name, prompt_name } = template;
  if (origin === 'created') terminal.err(`Created template "${inert(title)}": ${template_id}\n`);
  if (origin !== 'existing') return;
  const isKnownSo = fileName === undefined || fileName === name || fileName === prompt_name;
  const unused = isKnownSo ? '' : ` The name in the file, "${fileName}", is not used.`;
  terminal.err(inert(`This configuration already exists; using "${title}": ${template_id}.${unused}`) + '\n');
}

/** Resolves an argument: an id, `name@label`, `name@v3`, or a file whose template is created unless it exists. */
export async function findTemplate(client: PrompterClient, argument: string): Promise<FoundTemplate> {
  if (!isTemplateFile(argument)) {
    return { ...(await namedTemplate(client, argument)), origin: 'named' };
  }
  const draft = await readTemplateFile(argument);
  const file = { label: null, fileName: draft.name };
  try {
    return { template: await createFromFile(client, argument, draft), origin: 'created', ...file };
  } catch (error) {
    const id = duplicateId(error);
    if (id === null) throw error;
    return { template: await client.templates.get({ template_id: id }), origin: 'existing', ...file };
  }
}

/**
 * Creates the template of a file. Where the file names no parent, and a prompt of the workspace has its name, it becomes the
 * next version of that prompt: a second prompt of that name could no longer be fetched by it.
 * @throws TEMPLATE_DUPLICATE, PROMPT_AMBIGUOUS, PROMPT_INACTIVE
 */
export async function createFromFile(
  client: PrompterClient,
  file: string,
  draft: NewTemplateInput,
  idempotency_key?: string,
): Promise<NamedTemplate> {
  // A trial is no version, and a prompt of trials alone is not fetched by name.
  const isPlaced = (draft.parent_template_id ?? null) !== null || draft.trial === true;
  const parent = isPlaced
    ? {}
    : ((await parentOfTwin(client, draft)) ?? (await newestNamed(client, file, draft)));
  return client.templates.create({ ...draft, ...parent, idempotency_key });
}

/**
 * The parent of the template that has this configuration already, so that a request that is repeated with its idempotency
 * key stays the same although its first answer is the newest version now.
 */
async function parentOfTwin(client: PrompterClient, draft: NewTemplateInput): Promise<Parent | null> {
  const { template_id } = await client.templates.checkDuplicate(draft);
  if (template_id === null) return null;
  const { parent_template_id } = await client.templates.get({ template_id });
  return parent_template_id === null ? {} : { parent_template_id };
}

interface Parent {
  readonly parent_template_id?: string;
}

async function newestNamed(
  client: PrompterClient,
  file: string,
  { name, workspace_id }: NewTemplateInput,
): Promise<Parent> {
  try {
    const newest = await client.prompts.byName({ name, workspace_id, version: 'latest' });
    return { parent_template_id: newest.template_id };
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error;
    if (error.code === 'NOT_FOUND') return {};
    const refused = nameRefusal(file, name, error);
    throw refused ?? error;
  }
}

const namesakesSchema = z.object({ prompt_ids: z.array(z.string()) });
const inactiveSchema = z.object({ prompt_id: z.string() });

function nameRefusal(file: string, name: string, error: ORPCError<string, unknown>): AppError | null {
  const otherwise = 'give the file another name, or force a prompt of its own: prompter templates create';
  const force = `${otherwise} ${file} --new-prompt`;
  if (error.code === 'PROMPT_AMBIGUOUS') {
    const data = namesakesSchema.safeParse(error.data).data;
    if (data === undefined) return null;
    const { prompt_ids } = data;
    return new AppError(
      'PROMPT_AMBIGUOUS',
      `${file}: ${prompt_ids.length} prompts are called "${name}" (${prompt_ids.join(', ')}), so it is not clear which of ` +
        `them this is the next version of. Name one as parent_template_id in the file, rename all but one ` +
        `(prompter prompts rename ID NAME), ${force}`,
      { data: { file, name, prompt_ids } },
    );
  }
  if (error.code !== 'PROMPT_INACTIVE') return null;
  const data = inactiveSchema.safeParse(error.data).data;
  if (data === undefined) return null;
  return new AppError(
    'PROMPT_INACTIVE',
    `${file}: the prompt "${name}" (${data.prompt_id}) is inactive, so it gets no next version. Set it active, ${force}`,
    { data: { file, name, prompt_id: data.prompt_id } },
  );
}

/** `findTemplate` for commands that create nothing. @throws NOT_FOUND where no template has the file's configuration */
export async function findExisting(client: PrompterClient, argument: string): Promise<NamedTemplate> {
  if (!isTemplateFile(argument)) return (await namedTemplate(client, argument)).template;
  const { template_id } = await client.templates.checkDuplicate(await readTemplateFile(argument));
  if (template_id !== null) return client.templates.get({ template_id });
  throw new AppError('NOT_FOUND', `No template has the configuration of ${argument}.`, {
    data: { what: 'template', file: argument },
  });
}

/** Where something differs that its hash does not tell, the stored template would send other content than the file has. */
const duplicateSchema = z.object({ template_id: z.string(), differences: z.array(z.unknown()).max(0) });

function duplicateId(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.code !== 'TEMPLATE_DUPLICATE') return null;
  return duplicateSchema.safeParse(error.data).data?.template_id ?? null;
}
