import type { CommandBody } from './command';

export interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  /** May be given more than once; the values come as a list. */
  readonly repeated?: boolean;
}

export interface CommandSpec {
  /** The words and arguments, as in `templates get <id>`. */
  readonly usage: string;
  readonly about: string;
  readonly options?: readonly OptionSpec[];
  readonly example: string;
  /** Loads the command's code, and with it everything that only this command needs. */
  readonly load: () => Promise<CommandBody>;
}

export const option = (flags: string, about: string): OptionSpec => ({ flags, about });
export const repeated = (flags: string, about: string): OptionSpec => ({ flags, about, repeated: true });

export const PAGE = [
  option('--limit <n>', 'page size (default: 50)'),
  option('--cursor <cursor>', 'continue from the cursor of the previous page'),
];
