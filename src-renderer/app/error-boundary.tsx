import { Component, type ReactNode } from 'react';
import { failureOf } from '../rpc';
import { FailureView } from '../ui';

interface Props {
  readonly children: ReactNode;
}
interface State {
  readonly error: unknown;
}

/** The last resort for bugs in the interface. React supports error boundaries as classes only. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <main>
        <h1 className="visually-hidden">Prompter</h1>
        <ScreenFailure error={this.state.error} reset={() => this.setState({ error: undefined })} />
      </main>
    );
  }
}

/** Replaces a screen that threw; the shell keeps working. */
export function ScreenFailure({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const failure = failureOf(error);
  const unreachable = failure.code === 'UNREACHABLE';
  return (
    <FailureView
      title={unreachable ? 'This screen could not be loaded' : 'This screen crashed'}
      code={unreachable ? failure.code : 'INTERFACE_FAULT'}
      message={failure.message}
      safe="Your stored records and drafts are safe."
      onRetry={reset}
    />
  );
}
