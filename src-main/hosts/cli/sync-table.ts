import { option, type CommandSpec } from './command-spec';

/** What can be done about a team's database. */
export const SYNC_COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'sync init',
    about: "Set up a team's PostgreSQL once, with an administrator's URL, and push to it from now on",
    options: [
      option('--url-env <variable>', 'environment variable that holds the URL with its password'),
      option('--url-stdin', 'read the URL from standard input'),
    ],
    example: 'prompter sync init --url-stdin < postgres-admin-url.txt',
    load: async () => (await import('./commands/sync')).init,
  },
  {
    usage: 'sync push',
    about: 'Push pending records to the team database and compare counts',
    example: 'prompter sync push',
    load: async () => (await import('./commands/sync')).push,
  },
  {
    usage: 'sync status',
    about: 'Show the team database and what is waiting to be pushed',
    example: 'prompter sync status',
    load: async () => (await import('./commands/sync')).status,
  },
  {
    usage: 'sync pause',
    about: 'Pause background pushes',
    example: 'prompter sync pause',
    load: async () => (await import('./commands/sync')).pause,
  },
  {
    usage: 'sync resume',
    about: 'Resume background pushes',
    example: 'prompter sync resume',
    load: async () => (await import('./commands/sync')).resume,
  },
  {
    usage: 'sync off',
    about: 'Disconnect from the team database; nothing is deleted there',
    example: 'prompter sync off',
    load: async () => (await import('./commands/sync')).off,
  },
];
