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
  /** Whether rows were read, even where reading them again, or further ones, failed. */
  readonly loaded: boolean;
  /** What is shown instead of no rows; false where there are some. */
  readonly empty: ReactNode;
  readonly children: ReactNode;
}

/** What stands around a list: it failed, it waits, it is empty. Rows that were read stay when reading more fails. */
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
