import * as z from 'zod';
import { AppError } from '../../../../src-shared/domain';
import { resolveConfig } from '../../../home';
import { openInBrowser } from '../browser';
import { print } from '../command';
import { defineCommand, flag } from '../command-spec';

const answerSchema = z.object({ link: z.url() });

/** Asks the Prompter that runs on this data folder for a link to its interface. Exit code 1 where none serves one. */
export const link = defineCommand({
  usage: 'link',
  about: 'Print a one-time link that opens the running Prompter in a browser',
  options: {
    open: flag('open it in the browser'),
  },
  example: 'prompter link --open',
  body: async (context, _args, { open }) => {
    const { home } = resolveConfig(process.env);
    const { findOwner, postJson } = await import('../attach');
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
  },
});
