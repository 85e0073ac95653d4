import { IconX } from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import { Panel } from '../ui';
import { CommandIcon } from './command-button';
import { useCommands } from './registry';

/** A right-hand panel, closed by its button or Escape. */
export function SidePanel({
  onClose,
  ...panel
}: Omit<ComponentProps<typeof Panel>, 'actions'> & { onClose(): void }) {
  useCommands({ 'panel.close': onClose });
  return (
    <Panel
      {...panel}
      actions={
        <CommandIcon id="panel.close">
          <IconX size={16} aria-hidden />
        </CommandIcon>
      }
    />
  );
}
