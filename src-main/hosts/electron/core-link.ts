import { join } from 'node:path';
import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron';
import { scrubbedEnvironment } from './environment';
import { coreMessageSchema, type HostMessage } from './core-messages';

/** The core in a process of its own, so that no query blocks the windows. */
export interface CoreLink {
  /** Resolves when the store is open; rejects with a message for the user. */
  readonly ready: Promise<void>;
  /** A port that serves the contract, to hand to a window. */
  connect(): MessagePortMain;
  onExit(listener: (code: number) => void): void;
  /** Lets the core finish pending writes. */
  close(): Promise<void>;
}

export function startCoreProcess(folder: string): CoreLink {
  const child = utilityProcess.fork(join(folder, 'core-process.js'), [], {
    serviceName: 'Prompter core',
    env: scrubbedEnvironment(process.env),
    stdio: 'inherit',
  });
  const send = (message: HostMessage, ports: MessagePortMain[] = []) => child.postMessage(message, ports);
  const exited = new Promise<number>((resolve) => child.once('exit', resolve));
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (data: unknown) => {
      const message = coreMessageSchema.parse(data);
      if (message.type === 'ready') resolve();
      if (message.type === 'failed') reject(new Error(message.message));
    });
    void exited.then((code) => reject(new Error(`The core exited with code ${code}.`)));
  });

  return {
    ready,
    connect() {
      const { port1, port2 } = new MessageChannelMain();
      send({ type: 'connect' }, [port1]);
      return port2;
    },
    onExit(listener) {
      void exited.then(listener);
    },
    async close() {
      send({ type: 'close' });
      await exited;
    },
  };
}
