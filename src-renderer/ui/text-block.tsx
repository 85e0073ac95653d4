import { Button } from '@mantine/core';
import { useState } from 'react';
import { useFormat } from './format';
import classes from './text-block.module.css';

/** Longer text is cut here until expanded: megabytes in one element stall the window. */
const SHOWN_CHARS = 40_000;

interface TextBlockProps {
  readonly text: string;
  readonly label: string;
  readonly mono?: boolean;
}

/** Text from models and people, always plain: markup stays inert. */
export function TextBlock({ text, label, mono = false }: TextBlockProps) {
  const [whole, setWhole] = useState(false);
  const format = useFormat();
  const cut = !whole && text.length > SHOWN_CHARS;
  return (
    <div className={classes.block}>
      <pre className={mono ? classes.mono : classes.prose} tabIndex={0} role="region" aria-label={label}>
        {cut ? text.slice(0, SHOWN_CHARS) : text}
      </pre>
      {cut && (
        <Button size="xs" variant="subtle" onClick={() => setWhole(true)}>
          Show all {format.count(text.length)} characters
        </Button>
      )}
    </div>
  );
}

/** A JSON value, indented. */
export function JsonBlock({ value, label }: { readonly value: unknown; readonly label: string }) {
  return <TextBlock text={JSON.stringify(value, null, 2)} label={label} mono />;
}
