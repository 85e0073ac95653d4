import type { ComponentProps, ReactNode } from 'react';
import { Page } from './pane';
import { Empty, FailureView, Waiting } from './states';

interface RecordPageProps {
  /** The kind of record: `Template`. */
  readonly kind: string;
  readonly failure: Omit<ComponentProps<typeof FailureView>, 'title'> | null;
  onRetry(): void;
  /** Links to the list of such records. */
  readonly actions: ReactNode;
}

/** A record's page while it is loading, or if it could not be loaded or does not exist. */
export function RecordPage({ kind, failure, onRetry, actions }: RecordPageProps) {
  const noun = kind.toLowerCase();
  return (
    <Page title={kind}>
      {failure?.code === 'NOT_FOUND' ? (
        <Empty title={`This ${noun} does not exist`} actions={actions}>
          {failure.message} The address may be incomplete, or belong to another store.
        </Empty>
      ) : failure ? (
        <FailureView title={`The ${noun} could not be loaded`} {...failure} onRetry={onRetry} />
      ) : (
        <Waiting lines={12} />
      )}
    </Page>
  );
}
