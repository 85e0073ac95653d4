import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CommandIcon, useCommands } from '../../commands';
import { Panel } from '../../ui';
import { RunDetails } from './run-details';

interface RunPanelProps {
  readonly runId: string;
  readonly title: ReactNode;
  onClose(): void;
}

/** A run in the panel at the right; Escape closes it. */
export function RunPanel({ runId, title, onClose }: RunPanelProps) {
  useCommands({ 'panel.close': onClose });
  return (
    <Panel
      label="Run"
      title={title}
      wide
      actions={
        <CommandIcon id="panel.close">
          <IconX size={16} aria-hidden />
        </CommandIcon>
      }
    >
      <RunDetails runId={runId} />
    </Panel>
  );
}
