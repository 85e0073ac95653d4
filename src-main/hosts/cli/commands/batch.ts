import * as z from 'zod';
import { print, type CommandBody } from '../command';
import { pageOptions, readOptions, required } from '../options';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

const listOptions = z.object({
  template: z.string().optional(),
  ...pageOptions,
});

const COLUMNS: readonly Column[] = [
  { title: 'batch' },
  { title: 'status' },
  { title: 'name', min: 12 },
  { title: 'done', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'unknown', align: 'right', dispensable: 1 },
  { title: 'created', dispensable: 2 },
];

export const list: CommandBody = async (context, _args, given) => {
  const options = readOptions(listOptions, given);
  const { client } = await context.session();
  const page = await client.batches.list({
    template_id: options.template,
    limit: options.limit,
    cursor: options.cursor,
  });
  print(context, page, ({ items, next_cursor }) => {
    const rows = items.map(({ counts, ...batch }) => ({
      cells: [
        batch.batch_id,
        batch.status,
        batch.name ?? batch.template_name,
        `${counts.succeeded + counts.failed}/${batch.total}`,
        String(counts.failed),
        String(counts.outcome_unknown),
        toTheSecond(batch.created_at),
      ],
    }));
    return `${table(COLUMNS, rows, context.terminal.columns)}${moreLine(next_cursor)}`;
  });
};

export const get: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const batch = await client.batches.get({ batch_id: required(args, 0) });
  print(context, batch, (value) => `${inert(JSON.stringify(value, null, 2))}\n`);
};

export const cancel: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const batch = await client.batches.cancel({ batch_id: required(args, 0) });
  print(context, batch, ({ batch_id, status }) => `${batch_id} is ${status}\n`);
};
