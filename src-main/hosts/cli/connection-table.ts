import { option, type CommandSpec } from './command-spec';

const KEY_STDIN = option('--key-stdin', 'read the key from standard input');

export const CONNECTION_COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'connections list',
    about: 'List connections, without their keys',
    example: 'prompter connections list',
    load: async () => (await import('./commands/connections')).list,
  },
  {
    usage: 'connections add <name>',
    about: 'Add a connection; its key goes into the keychain',
    options: [
      option('--provider <provider>', 'openai, anthropic, google, ollama, … (required)'),
      option('--base-url <url>', "base URL, if not the provider's own"),
      option('--key-env <variable>', 'environment variable that holds the key'),
      KEY_STDIN,
      option('--concurrency <n>', 'maximum concurrent calls'),
    ],
    example: 'prompter connections add my-openai --provider openai --key-stdin < key.txt',
    load: async () => (await import('./commands/connections')).add,
  },
  {
    usage: 'connections test <connection>',
    about:
      'Check the server and the key and list the models; on your own server, also detect what it supports',
    options: [
      option('--list-only', 'only list the models, without calling one'),
      option('--model <model>', 'model to call when detecting what the server supports'),
    ],
    example: 'prompter connections test my-server --model llama3.2',
    load: async () => (await import('./commands/connections')).test,
  },
  {
    usage: 'connections set-secret <connection>',
    about: "Replace a connection's key",
    options: [KEY_STDIN],
    example: 'prompter connections set-secret my-openai --key-stdin < key.txt',
    load: async () => (await import('./commands/connections')).setSecret,
  },
  {
    usage: 'connections set <connection>',
    about: 'Change a connection; its runs keep what they recorded',
    options: [
      option('--name <name>', 'a new name'),
      option('--base-url <url>', "new base URL; default resets it to the provider's own"),
      option('--concurrency <n>', 'maximum concurrent calls'),
      option('--key-env <variable>', 'environment variable that holds the key'),
      KEY_STDIN,
      option(
        '--stream-options <way>',
        'send, omit, or auto (as its test found): whether to request token counts with streams',
      ),
      option(
        '--response-format <way>',
        'json_schema, json_object, none, or auto (as its test found): how to request JSON',
      ),
    ],
    example:
      'prompter connections set my-server --base-url http://127.0.0.1:8000/v1 --response-format json_object',
    load: async () => (await import('./commands/connections')).set,
  },
  {
    usage: 'connections remove <connection>',
    about: 'Remove a connection and its key; its runs are kept',
    example: 'prompter connections remove my-openai',
    load: async () => (await import('./commands/connections')).remove,
  },
];
