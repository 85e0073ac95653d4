import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Engine } from '../../../rpc';
import type { PublishedHost } from '../../http';
import { openInBrowser } from '../browser';
import type { CommandContext } from '../command';
import { usageError } from '../failure';
import { defineCommand, flag, option, type ValuesOf } from '../command-spec';
import { wholeNumber } from '../options';

/** 22 characters of base64url are 128 bits. */
const STRONG_TOKEN_LENGTH = 22;

const OPTIONS = {
  port: option(
    '<port>',
    'port to listen on; 0 for any free port (default: the one it had last)',
    wholeNumber(0, 65_535).optional(),
  ),
  token: option(
    '<token>',
    'access token to require (default: a random one)',
    z
      .string()
      .regex(/^[\w.~+/=-]+$/, 'may contain only letters, digits and ._~+/=-')
      .optional(),
  ),
  open: flag('open it in the browser'),
};
type Options = ValuesOf<typeof OPTIONS>;

export const serve = defineCommand({
  usage: 'serve',
  about: 'Serve the web interface and the API on 127.0.0.1',
  options: OPTIONS,
  example: 'prompter serve --port 8700 --open',
  body: async (context, _args, options) => {
    const { token } = options;
    const { terminal, version, interruptions } = context;
    if (token !== undefined && token.length < STRONG_TOKEN_LENGTH) {
      terminal.err(
        `warning: a token of ${token.length} characters can be guessed; omit --token for a secure one.\n`,
      );
    }
    // Before there is anything to lose: whoever reads that it is ready may end it at once.
    const toldToEnd = new Promise<void>((resolve) => interruptions.listen(resolve));
    const { openEngine } = await import('../../../rpc');
    const engine = await openEngine(version, process.env);
    try {
      const host = await start(engine, options, context);
      const stopOffering = tell(host, options, context);
      await toldToEnd;
      stopOffering();
      await host.close();
    } finally {
      await engine.core.close();
    }
  },
});

async function start(
  engine: Engine,
  { port, token }: Options,
  { version, folder }: CommandContext,
): Promise<PublishedHost> {
  const { publishHost } = await import('../../http');
  try {
    return await publishHost(engine, {
      version,
      port: port ?? null,
      token,
      rendererDir: join(folder, '../renderer'),
    });
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      ? usageError(`--port: ${port} is already in use by another program.`)
      : error;
  }
}

/** @returns what ends the offer of new links */
function tell(host: PublishedHost, { open }: Options, { terminal }: CommandContext): () => void {
  const { url, token } = host;
  const link = host.issueLink();
  terminal.out(`${JSON.stringify({ url, token, pid: process.pid, link })}\n`);
  if (host.unpublished !== null) {
    terminal.err(`warning: other commands cannot use this Prompter: ${host.unpublished}.\n`);
  }
  if (host.moved !== null) terminal.err(`warning: ${host.moved}\n`);
  // Somebody who reads the line above from a program has the link already.
  if (terminal.outIsTty) {
    terminal.err(`Open this link in a browser within 5 minutes (it works once):\n  ${link}\n`);
  }
  if (open) openInBrowser(link);
  if (!process.stdin.isTTY) return () => {};
  terminal.err('Press Enter for a new link, Ctrl+C to stop.\n');
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => terminal.err(`  ${host.issueLink()}\n`));
  return () => lines.close();
}
