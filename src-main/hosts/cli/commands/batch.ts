import { print } from '../command';
import { defineCommand, type CommandGroup } from '../command-spec';
import { OF_TEMPLATE, PAGE } from '../common-options';
import { givenTemplateId } from '../prompt-source';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

const COLUMNS: readonly Column[] = [
  { title: 'batch' },
  { title: 'status' },
  { title: 'name', min: 12 },
  { title: 'done', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'unknown', align: 'right', dispensable: 1 },
  { title: 'created', dispensable: 2 },
];

export const list = defineCommand({
  usage: 'batch list',
  about: 'List comparisons, newest first',
  options: {
    template: OF_TEMPLATE,
    ...PAGE,
  },
  example: 'prompter batch list',
  body: async (context, _args, options) => {
    const { client } = await context.session();
    const page = await client.batches.list({
      template_id: await givenTemplateId(client, options.template),
      limit: options.limit,
      cursor: options.cursor,
    });
    print(context, page, ({ items, next_cursor }) => {
      const rows = items.map(({ counts, ...batch }) => ({
        cells: [
          batch.batch_id,
          batch.status,
          batch.name ?? batch.prompt_name,
          `${counts.succeeded + counts.failed}/${batch.total}`,
          String(counts.failed),
          String(counts.outcome_unknown),
          toTheSecond(batch.created_at),
        ],
      }));
      return `${table(COLUMNS, rows, context.terminal.columns)}${moreLine(next_cursor)}`;
    });
  },
});

export const get = defineCommand({
  usage: 'batch get <batch>',
  about: 'Show one comparison with its counts and totals',
  example: 'prompter batch get 0198c0de-…',
  body: async (context, args) => {
    const { client } = await context.session();
    const batch = await client.batches.get({ batch_id: args.batch });
    print(context, batch, (value) => `${inert(JSON.stringify(value, null, 2))}\n`);
  },
});

export const cancel = defineCommand({
  usage: 'batch cancel <batch>',
  about: 'Cancel whatever a comparison has not run yet',
  example: 'prompter batch cancel 0198c0de-…',
  body: async (context, args) => {
    const { client } = await context.session();
    const batch = await client.batches.cancel({ batch_id: args.batch });
    print(context, batch, ({ batch_id, status }) => `${batch_id} is ${status}\n`);
  },
});

export const batch: CommandGroup = {
  name: 'batch',
  about: 'Comparisons: list, show, cancel',
  commands: [list, get, cancel],
};
