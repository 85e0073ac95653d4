import { useId, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { COMMANDS, isCommandId, type CommandId } from './catalogue';

/** What a screen does for a command, or why it cannot right now. */
export interface CommandHandler {
  run(): void;
  readonly disabled?: string | undefined;
}
export type CommandHandlers = Partial<Record<CommandId, CommandHandler | (() => void)>>;

interface Registration {
  readonly owner: string;
  readonly disabled: ReadonlyMap<CommandId, string | undefined>;
  run(id: CommandId): void;
}

interface RegistryState {
  readonly registrations: readonly Registration[];
}

const registry = create<RegistryState>()(() => ({ registrations: [] }));

/** A command as it stands now. */
export interface CommandState {
  readonly id: CommandId;
  /** Null: it can run. */
  readonly disabled: string | null;
  /** Whether any mounted screen answers for it. */
  readonly attached: boolean;
  run(): void;
}

/**
 * Attaches what this component does for some commands while it is mounted; the latest mounted wins. Before it is painted:
 * what can be seen can be used, and no button is drawn disabled first.
 */
export function useCommands(handlers: CommandHandlers): void {
  const owner = useId();
  const latest = useRef(handlers);
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  // Buttons and the palette follow the reasons, so a registration is replaced when one of them changes.
  const signature = JSON.stringify(
    Object.entries(handlers).map(([id, handler]) => [id, reasonOf(handler) ?? null]),
  );
  useLayoutEffect(() => {
    const entries: [string, string | null][] = JSON.parse(signature);
    const disabled = new Map<CommandId, string | undefined>();
    for (const [id, reason] of entries) if (isCommandId(id)) disabled.set(id, reason ?? undefined);
    const registration: Registration = {
      owner,
      disabled,
      run(id) {
        const handler = latest.current[id];
        if (typeof handler === 'function') handler();
        else handler?.run();
      },
    };
    registry.setState(({ registrations }) => ({
      registrations: registrations.some((known) => known.owner === owner)
        ? registrations.map((known) => (known.owner === owner ? registration : known))
        : [...registrations, registration],
    }));
  }, [owner, signature]);
  useLayoutEffect(
    () => () => {
      registry.setState(({ registrations }) => ({
        registrations: registrations.filter((known) => known.owner !== owner),
      }));
    },
    [owner],
  );
}

function reasonOf(handler: CommandHandler | (() => void) | undefined): string | undefined {
  return typeof handler === 'object' ? handler.disabled : undefined;
}

function stateIn(state: RegistryState, id: CommandId): CommandState {
  const registration = state.registrations.findLast((known) => known.disabled.has(id));
  if (!registration) {
    return {
      id,
      attached: false,
      disabled: COMMANDS[id].unavailable ?? 'Not available here.',
      run: () => undefined,
    };
  }
  return {
    id,
    attached: true,
    disabled: registration.disabled.get(id) ?? null,
    run: () => registration.run(id),
  };
}

/** A command's state outside of React. */
export function commandState(id: CommandId): CommandState {
  return stateIn(registry.getState(), id);
}

/** A command's state; the component follows it. */
export function useCommandState(id: CommandId): CommandState {
  const state = registry();
  return stateIn(state, id);
}

/** What asks for the state of any command; the component follows all of them. */
export function useCommandStates(): (id: CommandId) => CommandState {
  const state = registry();
  return (id) => stateIn(state, id);
}

/** Runs a command; answers why not, or null when it ran. */
export function runCommand(id: CommandId): string | null {
  const command = commandState(id);
  if (command.disabled === null) command.run();
  return command.disabled;
}

/** A screen that is on its way is there within this time, or something else is wrong. */
const ARRIVES_WITHIN_MS = 10_000;
let forget: (() => void) | undefined;

/** Runs a command as soon as the screen that is opening offers it; the latest wish counts. */
export function runOnceOffered(id: CommandId, refused: (reason: string) => void): void {
  forget?.();
  const attempt = (): boolean => {
    const command = commandState(id);
    if (command.disabled !== null) return false;
    forget?.();
    // After the commit that brought it: a command may change what is being drawn.
    queueMicrotask(command.run);
    return true;
  };
  if (attempt()) return;
  const unsubscribe = registry.subscribe(attempt);
  const timer = setTimeout(() => {
    forget?.();
    refused(commandState(id).disabled ?? '');
  }, ARRIVES_WITHIN_MS);
  forget = () => {
    unsubscribe();
    clearTimeout(timer);
    forget = undefined;
  };
}
