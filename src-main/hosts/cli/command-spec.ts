import * as z from 'zod';
import { isRecord } from '../../../src-shared/domain';
import type { CommandContext } from './command';
import type { ExitCode } from './failure';
import { readOptions } from './options';

/** One option: what the help says of it, and how its text is read. Its flag is its name in the options of the command. */
export interface OptionSpec<T extends z.ZodType = z.ZodType> {
  /** The value as the help shows it, as in `<file>`; null for a switch. */
  readonly value: string | null;
  readonly about: string;
  /** May be given more than once; the values come as a list. */
  readonly repeated: boolean;
  readonly schema: T;
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type ValuesOf<Options extends OptionSpecs> = {
  readonly [Name in keyof Options]: z.output<Options[Name]['schema']>;
};

/** The arguments that a usage names: `<template>` is always given, `[file]` perhaps, `[templates...]` any number of times. */
export type ArgumentsOf<Usage extends string> = Usage extends `${string}[${infer Many}...]`
  ? Readonly<Record<Many, readonly string[]>>
  : Usage extends `${string}<${infer Name}>${infer Rest}`
    ? Readonly<Record<Name, string>> & ArgumentsOf<Rest>
    : Usage extends `${string}[${infer Name}]${infer Rest}`
      ? Readonly<Record<Name, string | undefined>> & ArgumentsOf<Rest>
      : unknown;

interface Definition<Usage extends string, Options extends OptionSpecs> {
  /** The words and arguments, as in `templates get <id>`. */
  readonly usage: Usage;
  readonly about: string;
  readonly options?: Options;
  readonly example: string | readonly string[];
  /**
   * Nothing returned is exit code 0. What only this command needs and is heavy (the core, a server, a report) it imports
   * inside, since the help loads the specs of all commands.
   */
  readonly body: (
    context: CommandContext,
    args: ArgumentsOf<Usage>,
    options: ValuesOf<Options>,
  ) => Promise<ExitCode | void>;
}

export interface CommandSpec {
  readonly usage: string;
  readonly about: string;
  readonly options: OptionSpecs;
  readonly example: string | readonly string[];
  /** Checks what a command line gave, and does it. @throws a usage error naming the option */
  run(
    context: CommandContext,
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ): Promise<ExitCode | void>;
}

/** Commands that share their first word. */
export interface CommandGroup {
  readonly name: string;
  readonly about: string;
  readonly commands: readonly CommandSpec[];
}

const NO_OPTIONS = {} satisfies OptionSpecs;

export function defineCommand<const Usage extends string, Options extends OptionSpecs = typeof NO_OPTIONS>({
  options,
  body,
  ...spec
}: Definition<Usage, Options>): CommandSpec {
  const specs: OptionSpecs = options ?? NO_OPTIONS;
  const schema = z.object(Object.fromEntries(Object.entries(specs).map(([name, one]) => [name, one.schema])));
  const haveNames = (args: unknown, names: readonly ArgumentName[]): args is ArgumentsOf<Usage> =>
    isRecord(args) && names.every(({ name }) => name in args);
  const areRead = (values: unknown): values is ValuesOf<Options> =>
    isRecord(values) && Object.keys(values).every((name) => name in specs);
  return {
    ...spec,
    options: specs,
    async run(context, given, chosen) {
      const names = argumentNames(spec.usage);
      const args = Object.fromEntries(
        names.map(({ name, many }, index) => [name, many ? given.slice(index) : given[index]]),
      );
      const values = readOptions(schema, chosen);
      if (!haveNames(args, names) || !areRead(values)) throw new Error('A command was read wrongly.');
      return body(context, args, values);
    },
  };
}

/** In their order; commander has made sure that the required ones are given. */
function argumentNames(usage: string): ArgumentName[] {
  return [...usage.matchAll(/[<[]([^>\]]+)[>\]]/g)].map(([, name = '']) => ({
    name: name.replace(/\.\.\.$/, ''),
    many: name.endsWith('...'),
  }));
}

interface ArgumentName {
  readonly name: string;
  readonly many: boolean;
}

/** A switch: given or not. */
export function flag(about: string): OptionSpec<z.ZodDefault<z.ZodBoolean>> {
  return { value: null, about, repeated: false, schema: z.boolean().default(false) };
}

export function option<T extends z.ZodType>(value: string, about: string, schema: T): OptionSpec<T> {
  return { value, about, repeated: false, schema };
}

/** Text that may be left out. */
export function text(value: string, about: string): OptionSpec<z.ZodOptional<z.ZodString>> {
  return option(value, about, z.string().optional());
}

export function repeated<T extends z.ZodType>(value: string, about: string, schema: T): OptionSpec<T> {
  return { value, about, repeated: true, schema };
}
