import { useMemo } from 'react';
import { preferences } from '../../preferences';
import { formatJson, jsonText } from '../../ui';
import { mayBeJson } from './output-views';
import classes from './outputs.module.css';

/** Longer outputs are not formatted in a cell: a grid draws hundreds of them at once. */
const FORMATTED_CHARS = 20_000;
const CELL_WIDTH = 44;

interface OutputTextProps {
  readonly text: string;
  /** At most so many characters are shown. */
  readonly limit: number;
  /** Where there is room for a few lines only, JSON goes on in one: a bracket alone in a line says nothing. */
  readonly isClipped: boolean;
}

/** An output in little room: the beginning of it, JSON in lines unless people want it as it was sent. */
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
