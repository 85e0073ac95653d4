import { IconX } from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import { Panel } from '../ui';
import { CommandIcon } from './command-button';
import { useCommands } from './registry';

/** A panel at the right that its button and Escape close. */
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
