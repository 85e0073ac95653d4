import * as z from 'zod';
import { print, type CommandBody } from '../command';
import { flag, readOptions, required } from '../options';
import { inert, table } from '../terminal';

export const list: CommandBody = async (context) => {
  const { client } = await context.session();
  const providers = await client.providers.list();
  print(context, providers, ({ items }) => {
    const rows = items.map((item) => [
      item.provider_id,
      inert(item.name),
      item.protocol,
      item.needs_key ? 'key needed' : '',
    ]);
    return table(['provider', 'name', 'protocol', ''], rows);
  });
};

export const models: CommandBody = async (context, args, given) => {
  const { refresh } = readOptions(z.object({ refresh: flag }), given);
  const { client } = await context.session();
  const found = await client.providers.models({ provider_id: required(args, 0), refresh });
  print(context, found, ({ items, fetched_at }) => {
    const rows = items.map((item) => [
      inert(item.model_id),
      inert(item.display_name ?? ''),
      item.retires_at ?? '',
    ]);
    return `${table(['model', 'name', 'retires'], rows)}as of ${fetched_at}\n`;
  });
};
