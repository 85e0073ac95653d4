import { option, type CommandSpec } from './command-spec';

/** What can be done about a team's database. */
export const SYNC_COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'sync init',
    about: "Set up a team's PostgreSQL once, with an administrator's address, and use it from now on",
    options: [
      option('--url-env <variable>', 'the environment variable that holds the address with its password'),
      option('--url-stdin', 'read the address from standard input'),
    ],
    example: 'prompter sync init --url-stdin < postgres-admin-url.txt',
    load: async () => (await import('./commands/sync')).init,
  },
  {
    usage: 'sync push',
    about: 'Push what waits to the team database, and count each kind here and there',
    example: 'prompter sync push',
    load: async () => (await import('./commands/sync')).push,
  },
  {
    usage: 'sync status',
    about: 'Show the team database and what waits for it',
    example: 'prompter sync status',
    load: async () => (await import('./commands/sync')).status,
  },
  {
    usage: 'sync pause',
    about: 'Push nothing in the background until resumed',
    example: 'prompter sync pause',
    load: async () => (await import('./commands/sync')).pause,
  },
  {
    usage: 'sync resume',
    about: 'Push in the background again',
    example: 'prompter sync resume',
    load: async () => (await import('./commands/sync')).resume,
  },
  {
    usage: 'sync off',
    about: 'Forget the team database; nothing is deleted there',
    example: 'prompter sync off',
    load: async () => (await import('./commands/sync')).off,
  },
];
