import type { ReactNode } from 'react';
import { SidePanel } from '../../commands';
import { RunDetails } from './run-details';

interface RunPanelProps {
  readonly runId: string;
  readonly title: ReactNode;
  onClose(): void;
}

/** A run in the panel at the right; Escape closes it. */
export function RunPanel({ runId, title, onClose }: RunPanelProps) {
  return (
    <SidePanel label="Run" title={title} wide onClose={onClose}>
      <RunDetails runId={runId} />
    </SidePanel>
  );
}
