import { useId, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { COMMANDS, isCommandId, type CommandId } from './catalogue';

/** A screen's handler for a command, or why it is disabled. */
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

export interface CommandState {
  readonly id: CommandId;
  /** Null if it can run. */
  readonly disabled: string | null;
  /** Whether a mounted screen handles it. */
  readonly attached: boolean;
  run(): void;
}

/**
 * Attaches this component's command handlers while it is mounted; the latest mounted wins. Runs before paint, so that
 * no button is first drawn disabled.
 */
export function useCommands(handlers: CommandHandlers): void {
  const owner = useId();
  const latest = useRef(handlers);
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  // Buttons and the palette show the reasons, so a change of any of them replaces the registration.
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

/** For use outside React. */
export function commandState(id: CommandId): CommandState {
  return stateIn(registry.getState(), id);
}

/** Subscribes the component to a command's state. */
export function useCommandState(id: CommandId): CommandState {
  const state = registry();
  return stateIn(state, id);
}

/** A lookup for any command's state; subscribes the component to all of them. */
export function useCommandStates(): (id: CommandId) => CommandState {
  const state = registry();
  return (id) => stateIn(state, id);
}

/** Runs a command; returns why it could not, or null. */
export function runCommand(id: CommandId): string | null {
  const command = commandState(id);
  if (command.disabled === null) command.run();
  return command.disabled;
}

/** A screen that takes longer than this to open has failed. */
const ARRIVAL_TIMEOUT_MS = 10_000;
let forget: (() => void) | undefined;

/** Runs a command once the opening screen offers it; a later request replaces an earlier one. */
export function runWhenOffered(id: CommandId, refused: (reason: string) => void): void {
  forget?.();
  const attempt = (): boolean => {
    const command = commandState(id);
    if (command.disabled !== null) return false;
    forget?.();
    // After React's commit: a command may change what is being rendered.
    queueMicrotask(command.run);
    return true;
  };
  if (attempt()) return;
  const unsubscribe = registry.subscribe(attempt);
  const timer = setTimeout(() => {
    forget?.();
    refused(commandState(id).disabled ?? '');
  }, ARRIVAL_TIMEOUT_MS);
  forget = () => {
    unsubscribe();
    clearTimeout(timer);
    forget = undefined;
  };
}
