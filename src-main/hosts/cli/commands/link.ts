import * as z from 'zod';
import { AppError } from '../../../../src-shared/domain';
import { resolveConfig } from '../../../home';
import { findOwner, postJson } from '../attach';
import { openInBrowser } from '../browser';
import { print, type CommandBody } from '../command';
import { flag, readOptions } from '../options';

const optionsSchema = z.object({ open: flag });
const answerSchema = z.object({ link: z.url() });

/** Asks the Prompter that runs on this data folder for a link to its interface. Exit code 1 where none serves one. */
export const link: CommandBody = async (context, _args, given) => {
  const { open } = readOptions(optionsSchema, given);
  const { home } = resolveConfig(process.env);
  const search = await findOwner(home, process.env);
  if (!search.found) {
    const why = search.why === null ? 'Prompter is not running, or has not come up yet' : search.why;
    throw new AppError('NOT_FOUND', `No link for ${home}: ${why}. Start it with \`prompter serve\`.`);
  }
  const { url, key } = search.proven;
  const { value } = await postJson(`${url}/open`, { headers: { authorization: `Bearer ${key}` } });
  const answer = answerSchema.parse(value);
  if (open) openInBrowser(answer.link);
  print(context, answer, () => `${answer.link}\n`);
};
