import { readServedPort, rememberServedPort, settingsOf } from '../../home';
import type { Engine } from '../../rpc';
import { startHttpHost, type HttpHost, type HttpHostOptions } from './http-host';

export interface PublishedHost extends HttpHost {
  /** Why commands cannot attach to this process; null where they can. */
  readonly unpublished: string | null;
  /** What somebody who looks for drafts must know, in one line; null where the store is where it was. */
  readonly moved: string | null;
}

type Options = Pick<HttpHostOptions, 'version' | 'token' | 'rendererDir'> & {
  /** 0 picks a free port; null the one that the store was served on last. */
  readonly port: number | null;
};

/** Serves the engine and publishes where, so that commands that find the store locked attach to this process. */
export async function publishHost(
  { core, config }: Pick<Engine, 'core' | 'config'>,
  options: Options,
): Promise<PublishedHost> {
  const { logger } = core;
  const start = (port: number): Promise<HttpHost> =>
    startHttpHost({ ...options, port, core, logger, settings: settingsOf(config) });
  const { host, moved } = await atItsAddress(config.home, options.port, start);
  if (moved !== null) logger.log('warn', 'http.moved', { reason: moved });
  const unpublished = core.announce({ url: host.url, key: host.key });
  if (unpublished !== null) logger.log('warn', 'owner.not_published', { reason: unpublished });
  return { ...host, unpublished, moved };
}

async function atItsAddress(
  home: string,
  asked: number | null,
  start: (port: number) => Promise<HttpHost>,
): Promise<Pick<PublishedHost, 'moved'> & { readonly host: HttpHost }> {
  // Whoever asks for any port wants no address that stays.
  if (asked === 0) return { host: await start(0), moved: null };
  if (asked !== null) return remembered(home, await start(asked));

  const served = readServedPort(home);
  if (!served.ok) {
    const moved = `The address that drafts were written at is unknown: ${served.why}.`;
    return { ...remembered(home, await start(0)), moved };
  }
  if (served.port === null) return remembered(home, await start(0));
  try {
    return { host: await start(served.port), moved: null };
  } catch (error) {
    const reason = whyNotFree(error);
    if (reason === null) throw error;
    // The address is not given up: whatever has it now may be gone at the next start, and the drafts are there.
    const moved = `Drafts written at http://127.0.0.1:${served.port} are kept there: ${reason}.`;
    return { host: await start(0), moved };
  }
}

function remembered(
  home: string,
  host: HttpHost,
): Pick<PublishedHost, 'moved'> & { readonly host: HttpHost } {
  const unwritten = rememberServedPort(home, Number(new URL(host.url).port));
  const moved = unwritten === null ? null : `The next start will be at another address: ${unwritten}.`;
  return { host, moved };
}

/** Null where it is something else that went wrong. */
function whyNotFree(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'the port is in use';
  return code === 'EACCES' ? 'the port may not be used' : null;
}
