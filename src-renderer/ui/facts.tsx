import type { ReactNode } from 'react';
import { CopyButton } from './copy-button';
import classes from './facts.module.css';

interface FactsProps {
  readonly children: ReactNode;
  /** Two per line if there is room. */
  readonly paired?: boolean;
}

/** Names and values, one per line. */
export function Facts({ children, paired = false }: FactsProps) {
  return (
    <dl className={classes.facts} data-paired={paired || undefined}>
      {children}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  readonly title?: string;
  /** Adds a button that copies this exact text. */
  readonly copy?: string | null;
}

export function Fact({ name, children, title, copy }: FactProps) {
  return (
    <>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.value} title={title}>
        <span className={classes.text}>{children}</span>
        {copy && <CopyButton value={copy} label={`Copy ${name.toLowerCase()}`} />}
      </dd>
    </>
  );
}

/** An id or hash, truncated visually by its column but copied in full. */
export function Mono({ children }: { readonly children: ReactNode }) {
  return <code className={classes.mono}>{children}</code>;
}
