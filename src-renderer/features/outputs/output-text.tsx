import { useMemo } from 'react';
import { preferences } from '../../preferences';
import { formatJson, jsonText } from '../../ui';
import { mayBeJson } from './output-views';
import classes from './outputs.module.css';

/** Longer outputs are not formatted in a cell: a grid shows hundreds at once. */
const FORMATTED_CHARS = 20_000;
const CELL_WIDTH = 44;

interface OutputTextProps {
  readonly text: string;
  /** Shows at most this many characters. */
  readonly limit: number;
  /** With room for only a few lines, JSON stays on one line: a lone bracket per line says nothing. */
  readonly isClipped: boolean;
}

/** The beginning of an output, for tight spaces; JSON is formatted unless the user prefers it as sent. */
export function OutputText({ text, limit, isClipped }: OutputTextProps) {
  const view = preferences((state) => state.jsonView);
  const formatted = useMemo(
    () =>
      view === 'formatted' && text.length <= FORMATTED_CHARS && mayBeJson(text)
        ? formatJson(text, { width: isClipped ? null : CELL_WIDTH, chars: limit })
        : null,
    [view, text, limit, isClipped],
  );
  if (formatted) return <code className={classes.json}>{jsonText(formatted)}</code>;
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
