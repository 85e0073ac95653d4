import type { ReactNode } from 'react';
import { FailureView, Waiting } from '../states';
import classes from '../states.module.css';

interface ListStatesProps {
  /** What failed, in the words of the screen: `The runs could not be loaded`. */
  readonly title: string;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly incident?: string | null;
  } | null;
  onRetry(): void;
  /** Whether rows were loaded, even if a refetch or a further page failed. */
  readonly loaded: boolean;
  /** Shown in place of an empty list; false if there are rows. */
  readonly empty: ReactNode;
  readonly children: ReactNode;
}

/** Wraps a list with its failed, loading and empty states. Rows stay when loading more fails. */
export function ListStates({ title, failure, onRetry, loaded, empty, children }: ListStatesProps) {
  if (!loaded) {
    return failure ? (
      <FailureView title={title} {...failure} safe="Nothing was changed." onRetry={onRetry} />
    ) : (
      <Waiting lines={12} />
    );
  }
  return (
    <>
      {failure && (
        <div className={classes.outdated}>
          <FailureView
            inline
            title="This list may be out of date or incomplete"
            {...failure}
            message={`${title}: ${failure.message}`}
            onRetry={onRetry}
          />
        </div>
      )}
      {empty || children}
    </>
  );
}
