import { Command, CommanderError } from 'commander';
import type { CommandGroup, CommandSpec } from './command-spec';
import { TABLE } from './command-table';
import type { CommandContext } from './command';
import { failureOf, report, type ExitCode } from './failure';
import { flagName } from './options';
import { createInterruptions } from './interruptions';
import type { Session } from './session';
import { processTerminal, type Terminal } from './terminal';

export interface ProgramInfo {
  readonly version: string;
  /** The folder of the program's own files. */
  readonly folder: string;
}

/** The process' main function: runs the command and ends the process with its exit code. */
export async function main(args: readonly string[], info: ProgramInfo): Promise<void> {
  process.stdout.on('error', (error) => process.exit(exitCodeOf(error)));
  // Nobody is told how it goes any more: no reason to drop calls that are under way and paid.
  process.stderr.on('error', () => {});
  const exitCode = await runProgram(args, info, processTerminal);
  // Exit only when what was written has left: output to a pipe may still be on its way.
  process.stdout.write('', () => {
    // A write that failed may not have been reported yet.
    const { errored } = process.stdout;
    process.stderr.write('', () => process.exit(errored === null ? exitCode : exitCodeOf(errored)));
  });
}

/** A reader that has seen enough (`| head`) is no error. What could not be written is one, whatever the command did. */
function exitCodeOf(error: NodeJS.ErrnoException): ExitCode {
  if (error.code === 'EPIPE') return 0;
  process.stderr.write(`error: the output could not be written (${error.message})\n`);
  return 1;
}

export async function runProgram(
  args: readonly string[],
  info: ProgramInfo,
  terminal: Terminal,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(info.version, terminal, async (spec, positional, options) => {
    exitCode = await runCommand(spec, positional, options, info, terminal);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (args.includes('--json')) {
      const message = error.message.replace(/^error: /, '');
      report({ code: 'WRONG_USE', message, data: {}, exitCode: 2 }, terminal, true);
    }
    return 2;
  }
}

type Action = (
  spec: CommandSpec,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<void>;

function createProgram(version: string, terminal: Terminal, action: Action): Command {
  const program = new Command('prompter')
    .description('Immutable prompt templates, pinned model versions, raw answers and exact costs.')
    .addHelpText('after', START_HERE)
    .version(version)
    // After a command, an option is the command's: `get NAME --version 1` is a mistake, and no question for ours.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .showHelpAfterError('(add --help for usage)');
  for (const entry of TABLE) {
    if ('commands' in entry) addGroup(program, entry, action);
    else addCommand(program, entry, action, entry.usage);
  }
  return program;
}

const START_HERE = `
Examples:
  $ prompter demo                             tour the main workflow, without a key
  $ prompter serve --open                     open Prompter in the browser
  $ prompter compare --help                   compare models on your own inputs`;

function exampleOf({ example }: CommandSpec): string {
  const all = typeof example === 'string' ? [example] : example;
  return `\nExample${all.length === 1 ? '' : 's'}:\n${all.map((line) => `  $ ${line}`).join('\n')}`;
}

function addGroup(program: Command, { name, about, commands }: CommandGroup, action: Action): void {
  const group = program.command(name).description(about);
  const [first] = commands;
  if (first) group.addHelpText('after', exampleOf(first));
  for (const spec of commands) addCommand(group, spec, action, spec.usage.slice(name.length + 1));
}

function addCommand(parent: Command, spec: CommandSpec, action: Action, usage: string): void {
  const command = parent.command(usage).description(spec.about);
  for (const [name, { value, about, repeated }] of Object.entries(spec.options)) {
    const flags = value === null ? `--${flagName(name)}` : `--${flagName(name)} ${value}`;
    // Without a default, which the help would show as "[]".
    if (repeated) command.option(flags, about, (given: string, list?: string[]) => [...(list ?? []), given]);
    else command.option(flags, about);
  }
  command
    .option('--json', 'print one JSON document')
    .addHelpText('after', exampleOf(spec))
    .action(() => action(spec, command.args, command.opts()));
}

async function runCommand(
  spec: CommandSpec,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  info: ProgramInfo,
  terminal: Terminal,
): Promise<ExitCode> {
  const json = options['json'] === true;
  const interruptions = createInterruptions();
  let opened: Promise<Session> | undefined;
  const context: CommandContext = {
    ...info,
    terminal,
    json,
    interruptions,
    // Loaded when it is first needed: help, hashing and the simulator go without.
    session: () => (opened ??= import('./session').then(({ openSession }) => openSession(info.version))),
  };
  try {
    return (await spec.run(context, args, options)) ?? 0;
  } catch (error) {
    const failure = failureOf(error);
    report(failure, terminal, json);
    return failure.exitCode;
  } finally {
    const session = await opened?.catch(() => undefined);
    await session?.close();
    interruptions.stop();
  }
}
