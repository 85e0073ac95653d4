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
}

/** Prints which template was created from the file, or already existed. */
export function printOrigin(terminal: Terminal, template: NamedTemplate, origin: string): void {
  const { template_id } = template;
  if (origin === 'created')
    terminal.err(`Created template "${inert(templateTitle(template))}": ${template_id}\n`);
  if (origin === 'existing') {
    terminal.err(`This configuration already exists; using template ${template_id}\n`);
  }
}

/** Resolves an argument: an id, `name@label`, `name@v3`, or a file whose template is created unless it exists. */
export async function findTemplate(client: PrompterClient, argument: string): Promise<FoundTemplate> {
  if (!isTemplateFile(argument)) {
    return { ...(await namedTemplate(client, argument)), origin: 'named' };
  }
  const draft = await readTemplateFile(argument);
  try {
    return { template: await client.templates.create(draft), origin: 'created', label: null };
  } catch (error) {
    const id = duplicateId(error);
    if (id === null) throw error;
    return { template: await client.templates.get({ template_id: id }), origin: 'existing', label: null };
  }
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

const duplicateSchema = z.object({ template_id: z.string() });

function duplicateId(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.code !== 'TEMPLATE_DUPLICATE') return null;
  return duplicateSchema.safeParse(error.data).data?.template_id ?? null;
}
