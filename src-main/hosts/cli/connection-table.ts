import { option, type CommandSpec } from './command-spec';

const KEY_STDIN = option('--key-stdin', 'read the key from standard input');

export const CONNECTION_COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'connections list',
    about: 'List connections; never their keys',
    example: 'prompter connections list',
    load: async () => (await import('./commands/connections')).list,
  },
  {
    usage: 'connections add <name>',
    about: 'Add a connection; its key goes to the keychain',
    options: [
      option('--provider <provider>', 'such as openai, anthropic, google, ollama (needed)'),
      option('--base-url <url>', "the server, where it is not the provider's own"),
      option('--key-env <variable>', 'the environment variable that holds the key'),
      KEY_STDIN,
      option('--concurrency <n>', 'calls at the same time'),
    ],
    example: 'prompter connections add my-openai --provider openai --key-stdin < key.txt',
    load: async () => (await import('./commands/connections')).add,
  },
  {
    usage: 'connections test <connection>',
    about: 'Reach the server, check the key, list the models; of a server of your own, find what it supports',
    options: [
      option('--list-only', 'send no calls, only list the models'),
      option('--model <model>', 'the model to call, where the server is tried'),
    ],
    example: 'prompter connections test my-server --model llama3.2',
    load: async () => (await import('./commands/connections')).test,
  },
  {
    usage: 'connections set-secret <connection>',
    about: 'Replace the key of a connection',
    options: [KEY_STDIN],
    example: 'prompter connections set-secret my-openai --key-stdin < key.txt',
    load: async () => (await import('./commands/connections')).setSecret,
  },
  {
    usage: 'connections set <connection>',
    about: 'Change a connection; its runs keep what they recorded',
    options: [
      option('--name <name>', 'a new name'),
      option('--base-url <url>', "another address; default goes back to the provider's own"),
      option('--concurrency <n>', 'calls at the same time'),
      option('--key-env <variable>', 'the environment variable that holds the key'),
      KEY_STDIN,
      option(
        '--stream-options <way>',
        'send, omit, or auto (as its test found): whether streams are asked for their tokens',
      ),
      option(
        '--response-format <way>',
        'json_schema, json_object, none, or auto (as its test found): how JSON is asked for',
      ),
    ],
    example:
      'prompter connections set my-server --base-url http://127.0.0.1:8000/v1 --response-format json_object',
    load: async () => (await import('./commands/connections')).set,
  },
  {
    usage: 'connections remove <connection>',
    about: 'Remove a connection and its key; its runs stay',
    example: 'prompter connections remove my-openai',
    load: async () => (await import('./commands/connections')).remove,
  },
];
