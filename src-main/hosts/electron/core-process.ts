import type { MessagePortMain } from 'electron';
import { version } from '../../../package.json';
import { openEngine } from '../../rpc';
import { hostMessageSchema, type CoreMessage } from './core-messages';
import { serveOnPort } from './rpc-port';

const { parentPort } = process;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process' port has one other end and no origin
const tell = (message: CoreMessage) => parentPort.postMessage(message);

// Ctrl+C in a terminal reaches this process too: the main process is told as well, and says when to close.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

try {
  const { core, router } = await openEngine(version, process.env);
  const serve = (port: MessagePortMain) => {
    serveOnPort(router, port);
    port.start();
  };
  parentPort.on('message', ({ data, ports }) => {
    const message = hostMessageSchema.parse(data);
    if (message.type === 'connect') ports.forEach(serve);
    else void core.close().finally(() => process.exit(0));
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
}
