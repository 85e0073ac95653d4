import { Button, Skeleton } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { CopyButton } from './copy-button';
import classes from './states.module.css';

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** `h1` where this is the whole page. */
  readonly heading?: 'h1' | 'h2';
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** An empty state: one sentence and an action. */
export function Empty({ icon, title, heading: Heading = 'h2', children, actions }: EmptyProps) {
  return (
    <div className={classes.empty}>
      {icon && <div className={classes.icon}>{icon}</div>}
      <Heading>{title}</Heading>
      {children && <div className={classes.text}>{children}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

interface FailureViewProps {
  /** What failed, in the words of the screen: `The templates could not be loaded`. */
  readonly title: string;
  readonly code: string;
  readonly message: string;
  /** Id of the log entry with details. */
  readonly incident?: string | null;
  /** What is safe, if that is not obvious. */
  readonly safe?: string;
  readonly onRetry?: () => void;
  /** Actions besides retrying. */
  readonly actions?: ReactNode;
  readonly inline?: boolean;
}

/** A failure in place: what failed, what to do next, and an id for reports. */
export function FailureView(props: FailureViewProps) {
  const { title, code, message, incident, safe, onRetry, actions, inline = false } = props;
  const [at] = useState(() => new Date().toISOString());
  return (
    <div role="alert" className={inline ? classes.inlineFailure : classes.failure}>
      <IconAlertOctagon size={16} aria-hidden className={classes.failureIcon} />
      <div>
        <h2>{title}</h2>
        <p className={classes.message}>{message}</p>
        {safe && <p className={classes.text}>{safe}</p>}
        <div className={classes.actions}>
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          {actions}
          <code className={classes.code}>{code}</code>
          <CopyButton
            value={[code, incident, at, `${title}: ${message}`].filter(Boolean).join(' ')}
            label="Copy error details"
          />
        </div>
      </div>
    </div>
  );
}

/** Skeleton lines, shown only once waiting becomes noticeable. */
export function Waiting({
  lines = 4,
  label = 'Loading',
}: {
  readonly lines?: number;
  readonly label?: string;
}) {
  const shown = useElapsed(150);
  return (
    <div className={classes.waiting} role="status" aria-label={label}>
      {shown && Array.from({ length: lines }, (_, index) => <Skeleton key={index} height={12} radius={3} />)}
    </div>
  );
}

function useElapsed(ms: number): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setElapsed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return elapsed;
}
