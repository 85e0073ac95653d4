import * as z from 'zod';
import { variablesSchema } from '../../../../src-shared/domain';
import { print, type CommandBody } from '../command';
import { usageError } from '../failure';
import { readGivenJson } from '../files';
import { flag, pageOptions, readOptions, required, variablesOption } from '../options';
import { isTemplateFile, readTemplateFile } from '../template-source';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

const listOptions = z.object({
  query: z.string().optional(),
  label: z.string().optional(),
  workspace: z.string().optional(),
  archived: flag,
  ...pageOptions,
});

const COLUMNS: readonly Column[] = [
  { title: 'template' },
  { title: 'name', min: 12 },
  { title: 'model', min: 12 },
  { title: 'created', dispensable: 1 },
  { title: '' },
];

export const list: CommandBody = async (context, _args, given) => {
  const options = readOptions(listOptions, given);
  const { client } = await context.session();
  const page = await client.templates.list({
    q: options.query,
    label: options.label,
    workspace_id: options.workspace,
    include_archived: options.archived,
    limit: options.limit,
    cursor: options.cursor,
  });
  print(context, page, ({ items, total, next_cursor }) => {
    const rows = items.map((item) => ({
      cells: [
        item.template_id,
        item.name,
        item.model_id,
        toTheSecond(item.created_at),
        [...item.labels, ...(item.deleted_at === null ? [] : ['archived'])].join(', '),
      ],
    }));
    return `${table(COLUMNS, rows, context.terminal.columns)}${items.length} of ${total}\n${moreLine(next_cursor)}`;
  });
};

export const get: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const template = await client.templates.get({ template_id: required(args, 0) });
  print(context, template, (value) => `${inert(JSON.stringify(value, null, 2))}\n`);
};

export const create: CommandBody = async (context, args, given) => {
  const { idempotencyKey } = readOptions(z.object({ idempotencyKey: z.string().optional() }), given);
  const draft = await readTemplateFile(required(args, 0));
  const { client } = await context.session();
  const template = await client.templates.create({ ...draft, idempotency_key: idempotencyKey });
  print(context, template, ({ template_id, name }) => `Created "${inert(name)}": ${template_id}\n`);
};

export const label: CommandBody = async (context, args, given) => {
  const { remove } = readOptions(z.object({ remove: flag }), given);
  const { client } = await context.session();
  const input = { template_id: required(args, 0), label: required(args, 1) };
  const moved = remove ? await client.templates.removeLabel(input) : await client.templates.setLabel(input);
  print(context, moved, ({ label: name, template_id }) =>
    inert(
      template_id === null
        ? `"${name}" no longer points to a template\n`
        : `"${name}" now points to ${template_id}\n`,
    ),
  );
};

export const archive: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const template = await client.templates.archive({ template_id: required(args, 0) });
  print(context, template, ({ template_id, name }) => `Archived "${inert(name)}": ${template_id}\n`);
};

/** Exit code 3 where the file's configuration is there already. */
export const check: CommandBody = async (context, args) => {
  const draft = await readTemplateFile(required(args, 0));
  const { client } = await context.session();
  const result = await client.templates.checkDuplicate(draft);
  print(context, result, ({ exact_match, name, template_id, config_sha256 }) =>
    exact_match
      ? `Identical to "${inert(name ?? '')}": ${template_id}\n`
      : `No duplicate. Configuration ${config_sha256}\n`,
  );
  return result.exact_match ? 3 : 0;
};

const renderOptions = z.object({ var: variablesOption, vars: z.string().optional() });

export const render: CommandBody = async (context, args, given) => {
  const options = readOptions(renderOptions, given);
  const variables = { ...(await readVariables(options.vars)), ...options.var };
  const argument = required(args, 0);
  const draft = isTemplateFile(argument) ? await readTemplateFile(argument) : null;
  const { client } = await context.session();
  const rendered = await client.templates.render(
    draft === null
      ? { template_id: argument, variables }
      : {
          system_instructions: draft.system_instructions ?? '',
          user_prompt_template: draft.user_prompt_template ?? '',
          variables,
        },
  );
  print(context, rendered, ({ system, user, token_estimate, rendered_prompt_sha256 }) => {
    const head = system === '' ? '' : `${inert(system)}\n───\n`;
    return `${head}${inert(user)}\n───\n≈ ${token_estimate} tokens · ${rendered_prompt_sha256}\n`;
  });
};

/** Variables from a JSON file, for `--vars`. */
export async function readVariables(file: string | undefined): Promise<z.output<typeof variablesSchema>> {
  if (file === undefined) return {};
  const variables = variablesSchema.safeParse(await readGivenJson(file));
  if (variables.success) return variables.data;
  throw usageError(`${file}: --vars takes a JSON object that maps variable names to values.`);
}
