import { startPracticeServer } from './server';

export interface SimulateOptions {
  readonly port?: number;
  /** Path of a fault script. */
  readonly script?: string;
  /** Path of the journal to append to. */
  readonly journal?: string;
  /** Where the ready line goes; standard output unless given. */
  readonly print?: (line: string) => void;
}

/**
 * `prompter simulate`: runs the practice provider alone and prints `{"url","pid"}` when it is ready. Resolves when the
 * process is told to end (SIGINT, SIGTERM), after the journal is closed.
 */
export async function runSimulate(options: SimulateOptions = {}): Promise<void> {
  const server = await startPracticeServer({
    port: options.port,
    script: options.script,
    journalFile: options.journal,
    // Alone in its process it may serve for days; the file is the journal.
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
