import { defineCommand, text } from '../command-spec';

export const demo = defineCommand({
  usage: 'demo',
  about: 'Tour the main workflow with practice models, on a throw-away store',
  options: {
    teamUrlEnv: text(
      '<variable>',
      'environment variable with the administrator URL of a PostgreSQL to push to as well',
    ),
  },
  example: 'prompter demo',
  body: async (context, _args, options) => (await import('../demo')).tour(context, options),
});
