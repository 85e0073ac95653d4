import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { startHttpHost } from '../../http';
import { openInBrowser } from '../browser';
import type { CommandBody } from '../command';
import { usageError } from '../failure';
import { flag, readOptions, wholeNumber } from '../options';

const optionsSchema = z.object({
  port: wholeNumber(0, 65_535).default(0),
  token: z
    .string()
    .regex(/^[\w.~+/=-]+$/, 'may contain only letters, digits and ._~+/=-')
    .optional(),
  open: flag,
});

/** 22 characters of base64url are 128 bits. */
const STRONG_TOKEN_LENGTH = 22;

export const serve: CommandBody = async (
  { terminal, session, version, folder, interruptions },
  _args,
  given,
) => {
  const { port, token, open } = readOptions(optionsSchema, given);
  if (token !== undefined && token.length < STRONG_TOKEN_LENGTH) {
    terminal.err(
      `warning: a token of ${token.length} characters can be guessed; omit --token for a secure one.\n`,
    );
  }
  // Before there is anything to lose: whoever reads that it is ready may end it at once.
  const toldToEnd = new Promise<void>((resolve) => interruptions.listen(resolve));
  const { core } = await session();
  const host = await startHttpHost({
    core,
    logger: core.logger,
    version,
    port,
    token,
    rendererDir: join(folder, '../renderer'),
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? usageError(`--port: ${port} is already in use by another program.`)
      : error;
  });

  const { url, linkKey } = host;
  const link = host.issueLink();
  core.announce({ url, linkKey });
  terminal.out(`${JSON.stringify({ url, token: host.token, pid: process.pid, link })}\n`);
  // Somebody who reads the line above from a program has the link already.
  if (terminal.outIsTty) {
    terminal.err(`Open this link in a browser within 5 minutes (it works once):\n  ${link}\n`);
  }
  if (open) openInBrowser(link);
  const stopOffering = process.stdin.isTTY
    ? offerLinks(() => terminal.err(`  ${host.issueLink()}\n`))
    : () => {};
  if (process.stdin.isTTY) terminal.err('Press Enter for a new link, Ctrl+C to stop.\n');

  await toldToEnd;
  stopOffering();
  await host.close();
};

function offerLinks(offer: () => void): () => void {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', offer);
  return () => lines.close();
}
