import * as z from 'zod';
import { print, type CommandBody } from '../command';
import { readOptions, required, wholeNumber } from '../options';
import { clipped, inert, table } from '../terminal';

const listOptions = z.object({
  template: z.string().optional(),
  limit: wholeNumber(1, 500).default(50),
  cursor: z.string().optional(),
});

export const list: CommandBody = async (context, _args, given) => {
  const options = readOptions(listOptions, given);
  const { client } = await context.session();
  const page = await client.batches.list({
    template_id: options.template,
    limit: options.limit,
    cursor: options.cursor,
  });
  print(context, page, ({ items, next_cursor }) => {
    const rows = items.map(({ counts, ...batch }) => [
      batch.batch_id,
      batch.status,
      clipped(batch.name ?? batch.template_name, 36),
      `${counts.succeeded + counts.failed}/${batch.total}`,
      String(counts.failed),
      String(counts.outcome_unknown),
      batch.created_at,
    ]);
    const header = ['batch', 'status', 'name', 'done', 'failed', 'unknown', 'created'];
    const more = next_cursor === null ? '' : `More: --cursor ${next_cursor}\n`;
    return `${table(header, rows, new Set([3, 4, 5]))}${more}`;
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
