import * as z from 'zod';
import {
  dialectSource,
  mostTrialCalls,
  openDialectFields,
  RESPONSE_FORMATS,
  serverDialect,
  STREAM_OPTIONS,
  type Connection,
  type DialectField,
} from '../../../../src-shared/domain';
import { print, type CommandBody, type CommandContext } from '../command';
import { usageError } from '../failure';
import { flag, readOptions, required, wholeNumber } from '../options';
import { secretFromStdin } from '../secret-input';
import { findConnection } from '../targets';
import { table, type Column } from '../table';
import { inert } from '../terminal';

const COLUMNS: readonly Column[] = [
  { title: 'name', min: 16 },
  { title: 'provider' },
  { title: 'key', min: 10 },
  { title: 'default' },
  { title: 'connection', dispensable: 1 },
];

export const list: CommandBody = async (context) => {
  const { client } = await context.session();
  const connections = await client.connections.list();
  print(context, connections, ({ items }) => {
    const rows = items.map((item) => ({
      cells: [item.name, item.provider, keyText(item), item.is_default ? 'yes' : '', item.connection_id],
      detail: item.last_test_message === null ? undefined : `last test: ${item.last_test_message}`,
    }));
    return table(COLUMNS, rows, context.terminal.columns);
  });
};

/** Where the key is, and whether it is there. */
function keyText({ key_source, key_env, key_available }: Connection): string {
  switch (key_source) {
    case 'none':
      return 'not needed';
    case 'env':
      return `${key_env ?? ''}${key_available ? '' : ' (not set)'}`;
    case 'keychain':
      return key_available ? 'in the keychain' : 'not readable';
    case 'session':
      return key_available ? 'in memory' : 'gone (was in memory)';
  }
}

const SOURCES = { set: 'set by you', found: 'found by test', assumed: 'not tested' } as const;

function dialectText(dialect: Connection['dialect']): string {
  const sent = serverDialect(dialect);
  const from = (field: DialectField): string => SOURCES[dialectSource(dialect, field)];
  return (
    `stream options ${sent.streamOptions} (${from('stream_options')}), ` +
    `response format ${sent.responseFormat} (${from('response_format')})`
  );
}

const addOptions = z.object({
  provider: z.string(),
  baseUrl: z.string().optional(),
  keyEnv: z.string().optional(),
  keyStdin: flag,
  concurrency: wholeNumber(1, 512).optional(),
});

export const add: CommandBody = async (context, args, given) => {
  const options = readOptions(addOptions, given);
  if (options.keyStdin && options.keyEnv !== undefined) {
    throw usageError('Give either --key-env or --key-stdin, not both.');
  }
  const secret = options.keyStdin ? await secretFromStdin('key') : null;
  const { client } = await context.session();
  const connection = await client.connections.create({
    name: required(args, 0),
    provider: options.provider,
    base_url: options.baseUrl,
    key_env: options.keyEnv,
    secret,
    concurrency: options.concurrency,
  });
  warnIfFleeting(context, connection.key_source);
  if (connection.key_source === 'env' && !connection.key_available) {
    context.terminal.err(`${connection.key_env} is not set here. Set it wherever you use this connection.\n`);
  }
  print(context, connection, ({ name, connection_id }) => `Added "${inert(name)}": ${connection_id}\n`);
};

const testOptions = z.object({ listOnly: flag, model: z.string().optional() });

/** Exit code 1 where the test fails. */
export const test: CommandBody = async (context, args, given) => {
  const { listOnly, model } = readOptions(testOptions, given);
  const { client } = await context.session();
  const connection = await findConnection(client, required(args, 0));
  const { items } = await client.providers.list();
  const provider = items.find(({ provider_id }) => provider_id === connection.provider);
  const most = provider && !listOnly ? mostTrialCalls(openDialectFields(connection, provider)) : 0;
  if (most > 0) {
    context.terminal.err(
      `Sends up to ${most} short calls to detect what the server supports (--list-only sends none).\n`,
    );
  }
  const { connection_id } = connection;
  const result = await client.connections.test({
    connection_id,
    calls: !listOnly,
    ...(model !== undefined && { model_id: model }),
  });
  print(context, result, ({ ok, message, reached, trial }) => {
    const steps = reached.length === 0 ? '' : ` (reached: ${reached.join(', ')})`;
    const found =
      trial === null
        ? ''
        : `${inert(trial.message)}${trial.calls === 0 ? '' : ` (${calls(trial.calls)} to ${inert(trial.model_id ?? '')})`}\n`;
    return `${ok ? 'works' : 'does not work'}: ${inert(message)}${steps}\n${found}`;
  });
  return result.ok ? 0 : 1;
};

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}

export const setSecret: CommandBody = async (context, args, given) => {
  const { keyStdin } = readOptions(z.object({ keyStdin: flag }), given);
  if (!keyStdin) throw usageError('Give the key on standard input: --key-stdin');
  const secret = await secretFromStdin('key');
  const { client } = await context.session();
  const { connection_id } = await findConnection(client, required(args, 0));
  const connection = await client.connections.setSecret({ connection_id, secret });
  warnIfFleeting(context, connection.key_source);
  print(context, connection, ({ name }) => `Stored the key for "${inert(name)}".\n`);
};

const setOptions = z.object({
  name: z.string().optional(),
  baseUrl: z.string().optional(),
  concurrency: wholeNumber(1, 512).optional(),
  keyEnv: z.string().optional(),
  keyStdin: flag,
  streamOptions: z.enum(['auto', ...STREAM_OPTIONS]).optional(),
  responseFormat: z.enum(['auto', ...RESPONSE_FORMATS]).optional(),
});

export const set: CommandBody = async (context, args, given) => {
  const options = readOptions(setOptions, given);
  if (options.keyStdin && options.keyEnv !== undefined) {
    throw usageError('Give either --key-env or --key-stdin, not both.');
  }
  const { streamOptions, responseFormat } = options;
  const change = {
    ...(options.name !== undefined && { name: options.name }),
    ...(options.baseUrl !== undefined && {
      base_url: options.baseUrl === 'default' ? null : options.baseUrl,
    }),
    ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
    ...(options.keyEnv !== undefined && { key_env: options.keyEnv }),
    ...(options.keyStdin && { secret: await secretFromStdin('key') }),
  };
  const dialect = {
    ...(streamOptions && { stream_options: streamOptions === 'auto' ? null : streamOptions }),
    ...(responseFormat && { response_format: responseFormat === 'auto' ? null : responseFormat }),
  };
  const { client } = await context.session();
  let connection = await findConnection(client, required(args, 0));
  const { connection_id } = connection;
  const [changes, dialectChanges] = [change, dialect].map((each) => Object.keys(each).length > 0);
  if (!changes && !dialectChanges) {
    throw usageError('Nothing to change. Give an option such as --name, --base-url or --stream-options.');
  }
  if (changes) connection = await client.connections.update({ connection_id, ...change });
  if (dialectChanges) connection = await client.connections.setDialect({ connection_id, ...dialect });
  if (options.keyStdin) warnIfFleeting(context, connection.key_source);
  print(context, connection, settingsText);
};

function settingsText({ name, base_url, concurrency, dialect }: Connection): string {
  const address = base_url ?? 'the provider’s own address';
  const settings = [`"${inert(name)}": ${inert(address)}`, `${calls(concurrency)} at once`];
  if (base_url !== null) settings.push(dialectText(dialect));
  return `${settings.join(', ')}\n`;
}

export const remove: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const { connection_id } = await findConnection(client, required(args, 0));
  const connection = await client.connections.archive({ connection_id });
  print(context, connection, ({ name }) => `Removed "${inert(name)}" and its key; its runs are kept.\n`);
};

function warnIfFleeting({ terminal }: CommandContext, keySource: string): void {
  if (keySource !== 'session') return;
  terminal.err(
    'The key is kept in memory only (PROMPTER_KEYCHAIN=session) and is lost when this command ends.\n',
  );
}
