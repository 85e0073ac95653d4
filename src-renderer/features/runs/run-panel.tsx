import type { ReactNode } from 'react';
import { SidePanel } from '../../commands';
import { RunDetails } from './run-details';

interface RunPanelProps {
  readonly runId: string;
  readonly title: ReactNode;
  /** The comparison that the panel stands in. */
  readonly within?: string;
  onClose(): void;
}

/** A run in the panel at the right; Escape closes it. */
export function RunPanel({ runId, title, within, onClose }: RunPanelProps) {
  return (
    <SidePanel label="Run" title={title} wide onClose={onClose}>
      <RunDetails runId={runId} within={within} />
    </SidePanel>
  );
}
