import { useState } from 'react';
import { TextBlock, useFormat } from '../../ui';
import classes from './outputs.module.css';

interface ThinkingProps {
  readonly text: string;
  /** In a grid, whose cells are reached by its own keys. */
  readonly isCell?: boolean;
}

/** What the model thought before it answered: folded, since it is no part of the output. */
export function Thinking({ text, isCell = false }: ThinkingProps) {
  const format = useFormat();
  const [open, setOpen] = useState(false);
  return (
    <details
      className={classes.thinking}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      // A click here unfolds; it does not choose the cell around it.
      onClick={(event) => event.stopPropagation()}
    >
      <summary tabIndex={isCell ? -1 : 0}>Thinking, {format.count(text.length)} characters</summary>
      {open && <TextBlock text={text} label="Thinking" />}
    </details>
  );
}
