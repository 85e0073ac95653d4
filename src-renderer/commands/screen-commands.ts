import { goCommand, listed, type GoCommand, type Screen } from '../addresses';
import type { CommandDefinition } from './definition';

/** A `go.*` command for each screen in the rail. */
export function screenCommands<const Screens extends readonly Screen[]>(
  screens: Screens,
): Readonly<Record<GoCommand<Screens[number]>, CommandDefinition>>;
export function screenCommands(screens: readonly Screen[]): Record<string, CommandDefinition> {
  return Object.fromEntries(
    listed(screens).map((screen) => [
      goCommand(screen),
      { title: `Go to ${screen.nav.name}`, group: 'Go to', keys: screen.command.keys },
    ]),
  );
}
