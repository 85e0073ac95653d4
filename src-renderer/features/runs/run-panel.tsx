import type { ReactNode } from 'react';
import { SidePanel } from '../../commands';
import { RunDetails } from './run-details';

interface RunPanelProps {
  readonly runId: string;
  readonly title: ReactNode;
  /** The comparison that shows this panel. */
  readonly within?: string;
  onClose(): void;
}

export function RunPanel({ runId, title, within, onClose }: RunPanelProps) {
  return (
    <SidePanel label="Run" title={title} wide onClose={onClose}>
      <RunDetails runId={runId} within={within} />
    </SidePanel>
  );
}
