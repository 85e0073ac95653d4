import * as z from 'zod';
import {
  templateTitle,
  textsOfMessages,
  variablesSchema,
  versionTitle,
  type SentMessage,
} from '../../../../src-shared/domain';
import { print } from '../command';
import { usageError } from '../failure';
import { readGivenJson } from '../files';
import { defineCommand, flag, option, text, type CommandGroup } from '../command-spec';
import { PAGE, TARGET, VARIABLES, WORKSPACE } from '../common-options';
import { templateId } from '../prompt-source';
import { fileVariables } from '../store-file';
import { resolveTargets } from '../targets';
import { createFromFile, isTemplateFile, readTemplateFile } from '../template-source';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

const COLUMNS: readonly Column[] = [
  { title: 'template' },
  { title: 'name', min: 12 },
  { title: 'version', align: 'right' },
  { title: 'model', min: 12 },
  { title: 'created', dispensable: 1 },
  { title: '' },
];

export const list = defineCommand({
  usage: 'templates list',
  about: 'List and search templates, newest first',
  options: {
    label: text('<label>', 'only templates with this label'),
    query: text('<text>', 'words to search for'),
    workspace: text('<id>', 'only in this workspace'),
    archived: flag('include archived templates'),
    ...PAGE,
  },
  example: 'prompter templates list --query refund',
  body: async (context, _args, options) => {
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
          item.prompt_name,
          versionTitle(item),
          item.model_id,
          toTheSecond(item.created_at),
          [...item.labels, ...(item.deleted_at === null ? [] : ['archived'])].join(', '),
        ],
      }));
      return `${table(COLUMNS, rows, context.terminal.columns)}${items.length} of ${total}\n${moreLine(next_cursor)}`;
    });
  },
});

export const get = defineCommand({
  usage: 'templates get <template>',
  about: 'Show one template: an id, name, name@label or name@v3; of a name alone, the latest version',
  options: { workspace: WORKSPACE },
  example: 'prompter templates get refund-triage@production',
  body: async (context, args, { workspace }) => {
    const { client } = await context.session();
    const template_id = await templateId(client, args.template, workspace);
    const template = await client.templates.get({ template_id });
    print(context, template, (value) => `${inert(JSON.stringify(value, null, 2))}\n`);
  },
});

export const create = defineCommand({
  usage: 'templates create <file>',
  about:
    'Create an immutable template from a JSON or YAML file: the next version of the prompt that has its name; a duplicate is refused (exit code 3)',
  options: {
    newPrompt: flag('create a prompt of its own, even if another one has its name'),
    idempotencyKey: text('<key>', 'repeating a key returns the template it created'),
  },
  example: 'prompter templates create refund-triage.yaml',
  body: async (context, args, { idempotencyKey, newPrompt }) => {
    const draft = await readTemplateFile(args.file);
    if (newPrompt && (draft.parent_template_id ?? null) !== null) {
      throw usageError(
        `--new-prompt: ${args.file} names a parent_template_id. Remove it, or give "fork": true beside it.`,
      );
    }
    const { client } = await context.session();
    const template = newPrompt
      ? await client.templates.create({ ...draft, idempotency_key: idempotencyKey })
      : await createFromFile(client, args.file, draft, idempotencyKey);
    print(context, template, (made) => `Created "${inert(templateTitle(made))}": ${made.template_id}\n`);
  },
});

export const label = defineCommand({
  usage: 'templates label <template> <label>',
  about: 'Move a label (draft, production, …) to this template: an id, name@label or name@v3',
  options: {
    remove: flag('remove the label instead'),
    request: flag('request it where a second person has to approve it; needs --by'),
    by: text('<name>', 'who moves or requests it, for the record'),
    note: text('<text>', 'why it is requested'),
    workspace: WORKSPACE,
  },
  example: 'prompter templates label refund-triage@v3 production',
  body: async (context, args, { remove, request, by, note, workspace }) => {
    if (request && by === undefined) throw usageError('--request needs --by: who requests the move.');
    if (!request && note !== undefined) throw usageError('--note is for --request.');
    const { client } = await context.session();
    const input = { template_id: await templateId(client, args.template, workspace), label: args.label };
    if (request && by !== undefined) {
      const made = await client.prompts.requestLabel({
        ...input,
        remove,
        note: note ?? null,
        requested_by: by,
      });
      print(
        context,
        made,
        ({ request_id }) =>
          `Requested. Somebody else approves it: prompter prompts decide ${request_id} approved --by NAME\n`,
      );
      return;
    }
    const moved = remove
      ? await client.templates.removeLabel({ ...input, moved_by: by ?? null })
      : await client.templates.setLabel({ ...input, moved_by: by ?? null });
    print(context, moved, ({ label: name, template_id }) =>
      inert(
        template_id === null
          ? `"${name}" no longer points to a template\n`
          : `"${name}" now points to ${template_id}\n`,
      ),
    );
  },
});

export const archive = defineCommand({
  usage: 'templates archive <template>',
  about:
    'Archive a template (id, name@label or name@v3): nothing is deleted, and its configuration can be used again',
  options: { workspace: WORKSPACE },
  example: 'prompter templates archive refund-triage@v2',
  body: async (context, args, { workspace }) => {
    const { client } = await context.session();
    const template_id = await templateId(client, args.template, workspace);
    const template = await client.templates.archive({ template_id });
    print(context, template, (gone) => `Archived "${inert(templateTitle(gone))}": ${template_id}\n`);
  },
});

/** Exit code 3 where the file's configuration is there already. */
export const check = defineCommand({
  usage: 'templates check <file>',
  about: 'Check whether a file would be a duplicate (exit code 3); writes nothing',
  example: 'prompter templates check refund-triage.yaml',
  body: async (context, args) => {
    const draft = await readTemplateFile(args.file);
    const { client } = await context.session();
    const result = await client.templates.checkDuplicate(draft);
    print(context, result, ({ exact_match, prompt_name, version_number, template_id, config_sha256 }) =>
      exact_match
        ? `Identical to "${inert(templateTitle({ prompt_name: prompt_name ?? '', version_number }))}": ${template_id}\n`
        : `No duplicate. Configuration ${config_sha256}\n`,
    );
    return result.exact_match ? 3 : 0;
  },
});

export const render = defineCommand({
  usage: 'templates render <template>',
  about: 'Render a template (id, name@label, name@v3 or file) with variables; calls no model',
  options: {
    ...VARIABLES,
    as: option(
      '<form>',
      'messages, or request: the body that a provider would be sent',
      z.enum(['messages', 'request']).default('messages'),
    ),
    target: TARGET,
    workspace: WORKSPACE,
  },
  example: 'prompter templates render refund-triage.yaml --var order=4711 --as request',
  body: async (context, args, { vars, file, as, target, ...options }) => {
    if (target !== undefined && as === 'messages')
      throw usageError('--target is for --as request: messages are the same for every model.');
    const texts = { ...(await readVariables(vars)), ...options.var };
    const draft = isTemplateFile(args.template) ? await readTemplateFile(args.template) : null;
    const { client } = await context.session();
    const variables = { ...texts, ...(await fileVariables(client, file)) };
    const source = {
      variables,
      ...(draft === null
        ? { template_id: await templateId(client, args.template, options.workspace) }
        : {
            system_instructions: draft.system_instructions,
            user_prompt_template: draft.user_prompt_template,
            messages: draft.messages,
            tools: draft.tools,
            tool_choice: draft.tool_choice,
            includes: draft.includes,
            org_id: draft.org_id,
            workspace_id: draft.workspace_id,
          }),
    };
    if (as === 'request') {
      const [asked] = target === undefined ? [] : await resolveTargets(client, [target]);
      const settings = draft && {
        provider: draft.provider,
        model_id: draft.model_id,
        inference_params: draft.inference_params,
        response_schema: draft.response_schema,
        grounding_mode: draft.grounding_mode,
        als: draft.als,
      };
      const request = await client.runs.compose({ ...source, ...settings, ...asked });
      // Only the body goes to stdout, so that it can be piped as it is sent.
      context.terminal.err(`${inert(`${request.method} ${request.url}`)}\n`);
      print(context, request, ({ request_body }) => `${inert(request_body)}\n`);
      return;
    }
    const rendered = await client.templates.render(source);
    print(context, rendered, ({ messages, token_estimate, rendered_prompt_sha256 }) => {
      const two = textsOfMessages(messages);
      const lines =
        two === null
          ? messages.map((message) => `${message.role}: ${messageText(message)}`)
          : [two.system_instructions, two.user_prompt_template].filter((said) => said !== '');
      return `${inert(lines.join('\n───\n'))}\n───\n≈ ${token_estimate} tokens · ${rendered_prompt_sha256}\n`;
    });
  },
});

/** What a message says, its files and calls as JSON. */
function messageText({ content, ...message }: SentMessage): string {
  const said = typeof content === 'string' ? content : JSON.stringify(content);
  return 'tool_calls' in message ? `${said}\n${JSON.stringify(message.tool_calls)}` : said;
}

/** Variables from a JSON file, for `--vars`. */
export async function readVariables(file: string | undefined): Promise<z.output<typeof variablesSchema>> {
  if (file === undefined) return {};
  const variables = variablesSchema.safeParse(await readGivenJson(file));
  if (variables.success) return variables.data;
  throw usageError(`${file}: --vars takes a JSON object that maps variable names to values.`);
}

export const templates: CommandGroup = {
  name: 'templates',
  about: 'Templates: list, show, create, check, render, label, archive',
  commands: [list, get, create, check, render, label, archive],
};
