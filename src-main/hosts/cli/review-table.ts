import { option, PAGE, type CommandSpec } from './command-spec';

const BY = option('--by <name>', "reviewer's name, for the record");
const REPLACES = option('--replaces <review>', 'id of the review that this one replaces');

/** What can be done with answers that could not be used as they came. */
export const REVIEW_COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'review list',
    about: 'List runs that need review, oldest first',
    options: [option('--template <id>', 'only for this template'), ...PAGE],
    example: 'prompter review list',
    load: async () => (await import('./commands/review')).list,
  },
  {
    usage: 'review groups',
    about: 'List open answers grouped by template and problem',
    example: 'prompter review groups',
    load: async () => (await import('./commands/review')).groups,
  },
  {
    usage: 'review show <run>',
    about: 'Show what is wrong with an answer, where in its bytes, and what was decided',
    example: 'prompter review show 0198c0de-…',
    load: async () => (await import('./commands/review')).show,
  },
  {
    usage: 'review accept <run>',
    about: 'Accept an answer: the proposed repair, or its JSON as it came',
    options: [option('--reason <text>', 'why'), BY, REPLACES],
    example: 'prompter review accept 0198c0de-… --by Ada',
    load: async () => (await import('./commands/review')).accept,
  },
  {
    usage: 'review correct <run>',
    about: 'Record the corrected output; the answer itself stays as it came',
    options: [
      option('--file <file>', 'file with the corrected output, or - for standard input (required)'),
      option('--reason <text>', 'why'),
      BY,
      REPLACES,
    ],
    example: 'prompter review correct 0198c0de-… --file corrected.json',
    load: async () => (await import('./commands/review')).correct,
  },
  {
    usage: 'review dismiss <run>',
    about: 'Dismiss an answer as unusable, and record why',
    options: [option('--reason <text>', 'why (required)'), BY, REPLACES],
    example: 'prompter review dismiss 0198c0de-… --reason "off topic"',
    load: async () => (await import('./commands/review')).dismiss,
  },
  {
    usage: 'review accept-group <group>',
    about: 'Accept every answer of a group; each is recorded individually',
    options: [option('--reason <text>', 'why'), BY],
    example: 'prompter review accept-group 5f0c… --by Ada',
    load: async () => (await import('./commands/review')).acceptGroup,
  },
  {
    usage: 'review dismiss-group <group>',
    about: 'Dismiss every answer of a group, and record why',
    options: [option('--reason <text>', 'why (required)'), BY],
    example: 'prompter review dismiss-group 5f0c… --reason "off topic"',
    load: async () => (await import('./commands/review')).dismissGroup,
  },
];
