import { useMemo } from 'react';
import type { RunToolCall } from '../../../src-shared/domain';
import { preferences } from '../../preferences';
import { formatJson, jsonText } from '../../ui';
import { mayBeJson } from './output-views';
import { CallLines } from './tool-calls';
import classes from './outputs.module.css';

/** Longer outputs are not formatted in a cell: a grid shows hundreds at once. */
const FORMATTED_CHARS = 20_000;
const CELL_WIDTH = 44;

interface OutputTextProps {
  readonly text: string | null;
  readonly calls: readonly RunToolCall[] | null;
  /** Shows at most this many characters. */
  readonly limit: number;
  /** With room for only a few lines, JSON stays on one line: a lone bracket per line says nothing. */
  readonly isClipped: boolean;
}

/** The beginning of an output, for tight spaces, with the tools that it calls. */
export function OutputText({ text, calls, limit, isClipped }: OutputTextProps) {
  return (
    <>
      {text !== null && <Text text={text} limit={limit} isClipped={isClipped} />}
      {calls !== null && <CallLines calls={calls} limit={limit} isClipped={isClipped} />}
    </>
  );
}

/** JSON is formatted unless the user prefers it as sent. */
function Text({
  text,
  limit,
  isClipped,
}: Omit<OutputTextProps, 'text' | 'calls'> & { readonly text: string }) {
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
