import { settingsOf } from '../../home';
import type { Engine } from '../../rpc';
import { startHttpHost, type HttpHost, type HttpHostOptions } from './http-host';

export interface PublishedHost extends HttpHost {
  /** Why commands cannot attach to this process; null where they can. */
  readonly unpublished: string | null;
}

/** Serves the engine and publishes where, so that commands that find the store locked attach to this process. */
export async function publishHost(
  { core, config }: Pick<Engine, 'core' | 'config'>,
  options: Pick<HttpHostOptions, 'version' | 'port' | 'token' | 'rendererDir'>,
): Promise<PublishedHost> {
  const { logger } = core;
  const host = await startHttpHost({ ...options, core, logger, settings: settingsOf(config) });
  const unpublished = core.announce({ url: host.url, key: host.key });
  if (unpublished !== null) logger.log('warn', 'owner.not_published', { reason: unpublished });
  return { ...host, unpublished };
}
