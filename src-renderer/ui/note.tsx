import type { ComponentProps } from 'react';
import classes from './note.module.css';

interface NoteProps extends ComponentProps<'p'> {
  /** Below what it explains, in the size of captions. */
  readonly small?: boolean;
}

/** A quiet sentence: what explains, where nothing is wrong. */
export function Note({ small = false, className = '', ...paragraph }: NoteProps) {
  return <p {...paragraph} className={`${classes.note} ${className}`} data-small={small || undefined} />;
}
