import { ActionIcon, Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { KeyCaps } from '../ui/key-caps';
import { COMMANDS, type CommandId } from './catalogue';
import { keyCaps } from './keys';
import { showNotice } from './notice';
import { useCommandState } from './registry';

interface CommandButtonProps extends Pick<
  ButtonProps,
  'variant' | 'size' | 'leftSection' | 'color' | 'loading'
> {
  readonly id: CommandId;
  /** Replaces the command's title where the context makes a shorter one clear. */
  readonly children?: ReactNode;
  /** Shows the first shortcut on the button. */
  readonly showKeys?: boolean;
}

/** A button for a command; its tooltip shows the keys, or why it is disabled. */
export function CommandButton({ id, children, showKeys = false, ...button }: CommandButtonProps) {
  const command = useCommandState(id);
  const keys = COMMANDS[id].keys?.[0];
  return (
    <CommandTooltip id={id}>
      <Button
        size="xs"
        variant="default"
        {...button}
        {...refusal(command.disabled)}
        {...(showKeys && keys && { rightSection: <KeyCaps caps={keyCaps(keys)} /> })}
        onClick={() => activate(id, command.disabled, command.run)}
      >
        {children ?? COMMANDS[id].title}
      </Button>
    </CommandTooltip>
  );
}

/** The icon-only form; the command's title is its accessible name. */
export function CommandIcon({ id, children }: { readonly id: CommandId; readonly children: ReactNode }) {
  const command = useCommandState(id);
  return (
    <CommandTooltip id={id}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={COMMANDS[id].title}
        {...refusal(command.disabled)}
        onClick={() => activate(id, command.disabled, command.run)}
      >
        {children}
      </ActionIcon>
    </CommandTooltip>
  );
}

function CommandTooltip({ id, children }: { readonly id: CommandId; readonly children: ReactNode }) {
  const { disabled } = useCommandState(id);
  const keys = COMMANDS[id].keys?.[0];
  return (
    <Tooltip
      label={
        <>
          {disabled ?? COMMANDS[id].title} {keys && !disabled ? <KeyCaps caps={keyCaps(keys)} /> : null}
        </>
      }
    >
      {children}
    </Tooltip>
  );
}

/** Disabled buttons stay focusable, so that keyboard users can read the reason. */
function refusal(disabled: string | null) {
  return disabled === null ? {} : { 'data-disabled': true, 'aria-disabled': true };
}

function activate(id: CommandId, disabled: string | null, run: () => void): void {
  if (disabled === null) run();
  else showNotice(`${COMMANDS[id].title}: ${disabled}`);
}
