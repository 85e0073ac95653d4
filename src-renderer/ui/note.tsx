import type { ComponentProps } from 'react';
import classes from './note.module.css';

interface NoteProps extends ComponentProps<'p'> {
  /** Caption size, below what it explains. */
  readonly small?: boolean;
}

/** An unobtrusive explanation, where nothing is wrong. */
export function Note({ small = false, className = '', ...paragraph }: NoteProps) {
  return <p {...paragraph} className={`${classes.note} ${className}`} data-small={small || undefined} />;
}
