import { DEFAULT_WORKSPACE_ID } from '../../../../src-shared/domain';
import { print } from '../command';
import { defineCommand, text, type CommandGroup } from '../command-spec';
import { PAGE } from '../common-options';
import { readGivenText } from '../files';
import { toTheSecond } from '../cell-text';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';

const COLUMNS: readonly Column[] = [
  { title: 'name', min: 8 },
  { title: 'text', min: 12 },
  { title: 'since', dispensable: 1 },
];

const WORKSPACE = { workspace: text('<id>', 'the workspace that it belongs to') };

const list = defineCommand({
  usage: 'partials list',
  about: 'List partials with their newest text, newest first',
  options: { ...WORKSPACE, ...PAGE },
  example: 'prompter partials list',
  body: async (context, _args, { workspace, limit, cursor }) => {
    const { client } = await context.session();
    const page = await client.partials.list({ workspace_id: workspace, limit, cursor });
    print(context, page, ({ items, next_cursor }) => {
      const rows = items.map((item) => ({
        cells: [item.name, item.text.replaceAll('\n', ' '), toTheSecond(item.created_at)],
      }));
      return `${table(COLUMNS, rows, context.terminal.columns)}${moreLine(next_cursor)}`;
    });
  },
});

const get = defineCommand({
  usage: 'partials get <name>',
  about: 'Print the newest text of a partial',
  options: WORKSPACE,
  example: 'prompter partials get tone',
  body: async (context, args, { workspace = DEFAULT_WORKSPACE_ID }) => {
    const { client } = await context.session();
    const partial = await client.partials.get({ name: args.name, workspace_id: workspace });
    print(context, partial, (value) => `${inert(value.text)}\n`);
  },
});

const put = defineCommand({
  usage: 'partials put <name> <file>',
  about: 'Give a partial the text of a file; templates keep the text that they were frozen with',
  options: { ...WORKSPACE, by: text('<name>', 'who gives it, for the record') },
  example: 'prompter partials put tone tone.txt',
  body: async (context, args, { workspace = DEFAULT_WORKSPACE_ID, by }) => {
    const given = await readGivenText(args.file);
    const { client } = await context.session();
    const partial = await client.partials.put({
      name: args.name,
      text: given,
      workspace_id: workspace,
      created_by: by,
    });
    print(context, partial, ({ name, text_sha256 }) => `${inert(name)}: ${text_sha256}\n`);
  },
});

export const partials: CommandGroup = {
  name: 'partials',
  about: 'Texts that many prompts use by name',
  commands: [list, get, put],
};
