import { option, PAGE, type CommandSpec } from './command-spec';

const BY = option('--by <name>', 'who decides, for the record');
const REPLACES = option('--replaces <review>', 'the review that this one takes the place of');

/** What can be done with answers that could not be used as they came. */
export const REVIEW_COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'review list',
    about: 'List the runs whose answer waits for a person, oldest first',
    options: [option('--template <id>', 'only of this template'), ...PAGE],
    example: 'prompter review list',
    load: async () => (await import('./commands/review')).list,
  },
  {
    usage: 'review groups',
    about: 'List the waiting answers by template and by what is wrong with them',
    example: 'prompter review groups',
    load: async () => (await import('./commands/review')).groups,
  },
  {
    usage: 'review show <run>',
    about: 'Show what is wrong with an answer, where in its bytes, and what was made of it',
    example: 'prompter review show 0198c0de-…',
    load: async () => (await import('./commands/review')).show,
  },
  {
    usage: 'review accept <run>',
    about: 'Let the answer count: the repair that is proposed, or its JSON as it came',
    options: [option('--reason <text>', 'why'), BY, REPLACES],
    example: 'prompter review accept 0198c0de-… --by Ada',
    load: async () => (await import('./commands/review')).accept,
  },
  {
    usage: 'review correct <run>',
    about: 'Record the output that should count; the answer stays as it came',
    options: [
      option('--file <file>', 'the corrected output; - is standard input (needed)'),
      option('--reason <text>', 'why'),
      BY,
      REPLACES,
    ],
    example: 'prompter review correct 0198c0de-… --file corrected.json',
    load: async () => (await import('./commands/review')).correct,
  },
  {
    usage: 'review dismiss <run>',
    about: 'Record that the answer cannot be used, and why',
    options: [option('--reason <text>', 'why (needed)'), BY, REPLACES],
    example: 'prompter review dismiss 0198c0de-… --reason "off topic"',
    load: async () => (await import('./commands/review')).dismiss,
  },
  {
    usage: 'review accept-group <group>',
    about: 'Let every answer of a group count; each is recorded by itself',
    options: [option('--reason <text>', 'why'), BY],
    example: 'prompter review accept-group 5f0c… --by Ada',
    load: async () => (await import('./commands/review')).acceptGroup,
  },
  {
    usage: 'review dismiss-group <group>',
    about: 'Record of every answer of a group that it cannot be used, and why',
    options: [option('--reason <text>', 'why (needed)'), BY],
    example: 'prompter review dismiss-group 5f0c… --reason "off topic"',
    load: async () => (await import('./commands/review')).dismissGroup,
  },
];
