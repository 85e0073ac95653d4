import type { MessagePortMain } from 'electron';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { openEngine, type Engine } from '../../rpc';
import { hostMessageSchema, type CoreMessage } from './core-messages';
import { serveOnPort } from './rpc-port';

const { parentPort } = process;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process' port has one other end and no origin
const tell = (message: CoreMessage) => parentPort.postMessage(message);

// Ctrl+C in a terminal reaches this process too. Ignored: the main process gets it as well and sends `close`.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

try {
  const engine = await openEngine(version, process.env);
  const { core, router } = engine;
  const serve = (port: MessagePortMain) => {
    serveOnPort(router, port);
    port.start();
  };
  const published = publish(engine);
  const close = async () => {
    await (await published)?.close();
    await core.close();
  };
  parentPort.on('message', ({ data, ports }) => {
    const message = hostMessageSchema.parse(data);
    if (message.type === 'connect') ports.forEach(serve);
    else void close().finally(() => process.exit(0));
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
}

/** For commands and browsers. After the window, which can do without: it has a port of its own. */
async function publish(engine: Engine): Promise<{ close(): Promise<void> } | null> {
  try {
    const { publishHost } = await import('../http');
    const rendererDir = join(import.meta.dirname, '../renderer');
    return await publishHost(engine, { version, port: null, rendererDir });
  } catch (error) {
    engine.core.logger.log('error', 'owner.not_published', { error });
    return null;
  }
}
