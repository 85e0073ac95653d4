import type { ListedPath } from '../app/screens';

export interface CommandDefinition {
  readonly title: string;
  readonly group: CommandGroup;
  /** Alternatives; `Mod` is Ctrl or ⌘, a space separates the keys of a sequence. */
  readonly keys?: readonly string[];
  /** The keys work only while focus is inside an element with this `data-keys` value. */
  readonly within?: 'grid' | 'review' | 'tree';
  /** Only while typing, and where the field itself has no use for the keys, as a search has for Escape. */
  readonly whileTyping?: boolean;
  /** Why it is disabled when no screen offers it. */
  readonly unavailable?: string;
  /** The screen it acts on, if it needs no selection there: the palette opens that screen and runs it. */
  readonly place?: ListedPath;
}

export const COMMAND_GROUPS = [
  'Go to',
  'General',
  'Lists',
  'Templates',
  'Editor',
  'Compare',
  'Runs',
  'Review',
  'Versions',
  'Analytics',
  'Providers',
  'Audit',
  'Sync',
  'Appearance',
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export const define = <Id extends string>(
  definitions: Readonly<Record<Id, CommandDefinition>>,
): Readonly<Record<Id, CommandDefinition>> => definitions;
