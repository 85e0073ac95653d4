import { startPracticeServer } from './server';

export interface SimulateOptions {
  readonly port?: number;
  /** Path of the fault script. */
  readonly script?: string;
  /** Path of the journal to append to. */
  readonly journal?: string;
  /** Prints the ready line; standard output by default. */
  readonly print?: (line: string) => void;
}

/**
 * `prompter simulate`: runs the practice provider on its own and prints `{"url","pid"}` when ready. Resolves on SIGINT
 * or SIGTERM, after closing the journal.
 */
export async function runSimulate(options: SimulateOptions = {}): Promise<void> {
  const server = await startPracticeServer({
    port: options.port,
    script: options.script,
    journalFile: options.journal,
    // A standalone server may run for days; the file is its journal.
    keepJournal: false,
  });
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  print(JSON.stringify({ url: server.url, pid: process.pid }));
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await server.close();
}
