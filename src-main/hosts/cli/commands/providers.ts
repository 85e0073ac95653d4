import { print } from '../command';
import { defineCommand, flag, type CommandGroup } from '../command-spec';
import { table, type Column } from '../table';

const PROVIDER_COLUMNS: readonly Column[] = [
  { title: 'provider' },
  { title: 'name', min: 12 },
  { title: 'protocol', dispensable: 1 },
  { title: 'key' },
];
const MODEL_COLUMNS: readonly Column[] = [
  { title: 'model', min: 24 },
  { title: 'name', min: 12, dispensable: 1 },
  { title: '$/1M in', align: 'right' },
  { title: '$/1M out', align: 'right' },
  { title: 'retires', dispensable: 2 },
];

export const list = defineCommand({
  usage: 'providers list',
  about: 'List providers',
  example: 'prompter providers list',
  body: async (context) => {
    const { client } = await context.session();
    const providers = await client.providers.list();
    print(context, providers, ({ items }) => {
      const rows = items.map((item) => ({
        cells: [item.provider_id, item.name, item.protocol, item.needs_key ? 'needed' : 'not needed'],
      }));
      return table(PROVIDER_COLUMNS, rows, context.terminal.columns);
    });
  },
});

export const models = defineCommand({
  usage: 'providers models <provider>',
  about: "List a provider's models",
  options: {
    refresh: flag('refresh the list from the provider'),
  },
  example: 'prompter providers models practice-openai',
  body: async (context, args, { refresh }) => {
    const { client } = await context.session();
    const found = await client.providers.models({ provider_id: args.provider, refresh });
    print(context, found, ({ items, fetched_at }) => {
      const rows = items.map((item) => ({
        cells: [
          item.model_id,
          item.display_name ?? '',
          item.price?.input ?? 'unpriced',
          item.price?.output ?? 'unpriced',
          item.retires_at ?? '',
        ],
      }));
      return `${table(MODEL_COLUMNS, rows, context.terminal.columns)}as of ${fetched_at}\n`;
    });
  },
});

export const providers: CommandGroup = {
  name: 'providers',
  about: 'Providers and their models',
  commands: [list, models],
};
