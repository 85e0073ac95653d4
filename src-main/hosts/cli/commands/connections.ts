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
import { print, type CommandContext } from '../command';
import { usageError } from '../failure';
import { defineCommand, flag, option, text, type CommandGroup } from '../command-spec';
import { wholeNumber } from '../options';
import { memoryOf, type Session } from '../session';
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

export const list = defineCommand({
  usage: 'connections list',
  about: 'List connections, without their keys',
  example: 'prompter connections list',
  body: async (context) => {
    const { client } = await context.session();
    const connections = await client.connections.list();
    print(context, connections, ({ items }) => {
      const rows = items.map((item) => ({
        cells: [item.name, item.provider, keyText(item), item.is_default ? 'yes' : '', item.connection_id],
        detail: item.last_test_message === null ? undefined : `last test: ${item.last_test_message}`,
      }));
      return table(COLUMNS, rows, context.terminal.columns);
    });
  },
});

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

const KEY_STDIN = flag('read the key from standard input');
const KEY_ENV = text('<variable>', 'environment variable that holds the key');
const CONCURRENCY = option('<n>', 'maximum concurrent calls', wholeNumber(1, 512).optional());

export const add = defineCommand({
  usage: 'connections add <name>',
  about: 'Add a connection; its key goes into the keychain',
  options: {
    provider: option('<provider>', 'openai, anthropic, google, ollama, … (required)', z.string()),
    baseUrl: text('<url>', "base URL, if not the provider's own"),
    keyEnv: KEY_ENV,
    keyStdin: KEY_STDIN,
    concurrency: CONCURRENCY,
  },
  example: 'prompter connections add my-openai --provider openai --key-stdin < key.txt',
  body: async (context, args, options) => {
    if (options.keyStdin && options.keyEnv !== undefined) {
      throw usageError('Give either --key-env or --key-stdin, not both.');
    }
    const secret = options.keyStdin ? await secretFromStdin('key') : null;
    const session = await context.session();
    const connection = await session.client.connections.create({
      name: args.name,
      provider: options.provider,
      base_url: options.baseUrl,
      key_env: options.keyEnv,
      secret,
      concurrency: options.concurrency,
    });
    warnIfFleeting(context, session, connection.key_source);
    if (connection.key_source === 'env' && !connection.key_available) {
      context.terminal.err(
        `${connection.key_env} is not set ${session.owner === null ? 'here' : 'for the running Prompter'}. Set it wherever you use this connection.\n`,
      );
    }
    print(context, connection, ({ name, connection_id }) => `Added "${inert(name)}": ${connection_id}\n`);
  },
});

/** Exit code 1 where the test fails. */
export const test = defineCommand({
  usage: 'connections test <connection>',
  about: 'Check the server and the key and list the models; on your own server, also detect what it supports',
  options: {
    listOnly: flag('only list the models, without calling one'),
    model: text('<model>', 'model to call when detecting what the server supports'),
  },
  example: 'prompter connections test my-server --model llama3.2',
  body: async (context, args, { listOnly, model }) => {
    const { client } = await context.session();
    const connection = await findConnection(client, args.connection);
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
  },
});

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}

export const setSecret = defineCommand({
  usage: 'connections set-secret <connection>',
  about: "Replace a connection's key",
  options: {
    keyStdin: KEY_STDIN,
  },
  example: 'prompter connections set-secret my-openai --key-stdin < key.txt',
  body: async (context, args, { keyStdin }) => {
    if (!keyStdin) throw usageError('Give the key on standard input: --key-stdin');
    const secret = await secretFromStdin('key');
    const session = await context.session();
    const { client } = session;
    const { connection_id } = await findConnection(client, args.connection);
    const connection = await client.connections.setSecret({ connection_id, secret });
    warnIfFleeting(context, session, connection.key_source);
    print(context, connection, ({ name }) => `Stored the key for "${inert(name)}".\n`);
  },
});

export const set = defineCommand({
  usage: 'connections set <connection>',
  about: 'Change a connection; its runs keep what they recorded',
  options: {
    name: text('<name>', 'a new name'),
    baseUrl: text('<url>', "new base URL; default resets it to the provider's own"),
    concurrency: CONCURRENCY,
    keyEnv: KEY_ENV,
    keyStdin: KEY_STDIN,
    streamOptions: option(
      '<way>',
      'send, omit, or auto (as its test found): whether to request token counts with streams',
      z.enum(['auto', ...STREAM_OPTIONS]).optional(),
    ),
    responseFormat: option(
      '<way>',
      'json_schema, json_object, none, or auto (as its test found): how to request JSON',
      z.enum(['auto', ...RESPONSE_FORMATS]).optional(),
    ),
  },
  example:
    'prompter connections set my-server --base-url http://127.0.0.1:8000/v1 --response-format json_object',
  body: async (context, args, options) => {
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
    const session = await context.session();
    const { client } = session;
    let connection = await findConnection(client, args.connection);
    const { connection_id } = connection;
    const [changes, dialectChanges] = [change, dialect].map((each) => Object.keys(each).length > 0);
    if (!changes && !dialectChanges) {
      throw usageError('Nothing to change. Give an option such as --name, --base-url or --stream-options.');
    }
    if (changes) connection = await client.connections.update({ connection_id, ...change });
    if (dialectChanges) connection = await client.connections.setDialect({ connection_id, ...dialect });
    if (options.keyStdin) warnIfFleeting(context, session, connection.key_source);
    print(context, connection, settingsText);
  },
});

function settingsText({ name, base_url, concurrency, dialect }: Connection): string {
  const address = base_url ?? 'the provider’s own address';
  const settings = [`"${inert(name)}": ${inert(address)}`, `${calls(concurrency)} at once`];
  if (base_url !== null) settings.push(dialectText(dialect));
  return `${settings.join(', ')}\n`;
}

export const remove = defineCommand({
  usage: 'connections remove <connection>',
  about: 'Remove a connection and its key; its runs are kept',
  example: 'prompter connections remove my-openai',
  body: async (context, args) => {
    const { client } = await context.session();
    const { connection_id } = await findConnection(client, args.connection);
    const connection = await client.connections.archive({ connection_id });
    print(context, connection, ({ name }) => `Removed "${inert(name)}" and its key; its runs are kept.\n`);
  },
});

function warnIfFleeting({ terminal }: CommandContext, { owner }: Session, keySource: string): void {
  if (keySource !== 'session') return;
  terminal.err(
    `The key is kept in memory only (PROMPTER_KEYCHAIN=session) and is lost when ${memoryOf(owner)}.\n`,
  );
}

export const connections: CommandGroup = {
  name: 'connections',
  about: 'Connections: accounts and servers, with their keys',
  commands: [list, add, test, setSecret, set, remove],
};
