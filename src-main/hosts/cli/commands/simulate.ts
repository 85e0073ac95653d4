import { defineCommand, option, text } from '../command-spec';
import { wholeNumber } from '../options';

/** The practice provider's wire server alone, until the process is told to end. Opens no store. */
export const simulate = defineCommand({
  usage: 'simulate',
  about: 'Run the practice provider as a standalone server',
  options: {
    port: option('<port>', 'port to listen on (default: any free port)', wholeNumber(0, 65_535).optional()),
    script: text('<file>', 'faults to rehearse, as JSON'),
    journal: text('<file>', 'append every request and answer to this file'),
  },
  example: 'prompter simulate --port 8701 --journal journal.jsonl',
  body: async ({ terminal }, _args, options) => {
    const { runSimulate } = await import('../../../practice');
    await runSimulate({
      ...options,
      print: (line) => terminal.out(`${line}\n`),
    });
  },
});
