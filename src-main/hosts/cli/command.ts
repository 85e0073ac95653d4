import type { Interruptions } from './interruptions';
import type { Session } from './session';
import { jsonLine, type Terminal } from './terminal';

/** What a command's code is given besides its own arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** One JSON document on standard output instead of text for people. */
  readonly json: boolean;
  readonly version: string;
  /** The folder of the program's own files. */
  readonly folder: string;
  /** Ctrl+C and its like; without a listener they end the process as usual. */
  readonly interruptions: Interruptions;
  /** Opens the core; it is closed when the command ends. */
  session(): Promise<Session>;
}

/** Prints a result: with `--json` the value as one document, otherwise text made from it. */
export function print<T>({ terminal, json }: CommandContext, value: T, text: (value: T) => string): void {
  terminal.out(json ? jsonLine(value) : text(value));
}
