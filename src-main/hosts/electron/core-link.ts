import { join } from 'node:path';
import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron';
import { scrubbedEnvironment } from './environment';
import { coreMessageSchema, type HostMessage } from './core-messages';

/** The process in which the core lives, so that no query makes the windows wait. */
export interface CoreLink {
  /** Resolves when the store is open; rejects with what to tell the user. */
  readonly ready: Promise<void>;
  /** A port on which the contract is served, to be given to a window. */
  connect(): MessagePortMain;
  onExit(listener: (code: number) => void): void;
  /** Lets the core finish what it is writing. */
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
