import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { AppError } from '../../../../src-shared/domain';
import { readOwner, resolveConfig } from '../../../core';
import { openInBrowser } from '../browser';
import { print, type CommandBody } from '../command';
import { flag, readOptions } from '../options';

const optionsSchema = z.object({ open: flag });
const answerSchema = z.object({ link: z.url() });

/** Asks the Prompter that runs on this data folder for a link to its interface. Exit code 1 where none serves one. */
export const link: CommandBody = async (context, _args, given) => {
  const { open } = readOptions(optionsSchema, given);
  const { home } = resolveConfig(process.env);
  const owner = readOwner(home);
  if (owner === undefined) {
    throw new AppError('NOT_FOUND', `Prompter is not running for ${home}. Start it with \`prompter serve\`.`);
  }
  const { pid, command, url, link_key: key } = owner;
  if (url === undefined || key === undefined) {
    const message = `Process ${pid} (${command}) is using ${home} but serves no web interface. Use its window, or close it and run \`prompter serve\`.`;
    throw new AppError('NOT_FOUND', message);
  }
  const answer = await linkFrom(url, key).catch(() => {
    const message = `Prompter was serving at ${url} (process ${pid}) but no longer answers there. Start it again with \`prompter serve\`.`;
    throw new AppError('NOT_FOUND', message);
  });
  if (open) openInBrowser(answer.link);
  print(context, answer, () => `${answer.link}\n`);
};

const ANSWER_MS = 5_000;

function linkFrom(url: string, key: string): Promise<z.output<typeof answerSchema>> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}` };
    const signal = AbortSignal.timeout(ANSWER_MS);
    request(`${url}/open`, { method: 'POST', headers, signal }, (response) => {
      json(response)
        .then((answer) => resolve(answerSchema.parse(answer)))
        .catch(reject);
    })
      .on('error', reject)
      .end();
  });
}
