import * as z from 'zod';
import { runSimulate } from '../../../practice';
import type { CommandBody } from '../command';
import { readOptions, wholeNumber } from '../options';

const optionsSchema = z.object({
  port: wholeNumber(0, 65_535).optional(),
  script: z.string().optional(),
  journal: z.string().optional(),
});

/** The practice provider's wire server alone, until the process is told to end. Opens no store. */
export const simulate: CommandBody = async ({ terminal }, _args, given) => {
  await runSimulate({
    ...readOptions(optionsSchema, given),
    print: (line) => terminal.out(`${line}\n`),
  });
};
