import { useMemo } from 'react';
import type { RunToolCall } from '../../../src-shared/domain';
import { formatJson, JsonView, jsonText, Mono } from '../../ui';
import { mayBeJson } from './output-views';
import classes from './outputs.module.css';

const WIDTH = 60;
const CELL_WIDTH = 44;
/** Longer arguments are shown as they came. */
const FORMATTED_CHARS = 40_000;

/** The tools that an answer calls, in its order, each with its arguments. */
export function ToolCalls({ calls }: { readonly calls: readonly RunToolCall[] }) {
  return (
    <ol className={classes.calls} aria-label="Tool calls">
      {calls.map((call, index) => (
        <li key={index}>
          <Mono>{call.name}</Mono>
          <Arguments text={call.arguments} label={`Arguments of ${call.name}`} />
        </li>
      ))}
    </ol>
  );
}

function Arguments({ text, label }: { readonly text: string; readonly label: string }) {
  const formatted = useMemo(() => formattedArguments(text, WIDTH, FORMATTED_CHARS), [text]);
  if (text === '') return <span className={classes.quiet}>no arguments</span>;
  return (
    <pre className={classes.text} tabIndex={0} role="region" aria-label={label}>
      {formatted ? <JsonView formatted={formatted} /> : <code className={classes.json}>{text}</code>}
    </pre>
  );
}

function formattedArguments(text: string, width: number | null, chars: number) {
  return text.length <= FORMATTED_CHARS && mayBeJson(text) ? formatJson(text, { width, chars }) : null;
}

interface CallLinesProps {
  readonly calls: readonly RunToolCall[];
  /** Shows at most this many characters of each. */
  readonly limit: number;
  /** With room for only a few lines, arguments stay on one. */
  readonly isClipped: boolean;
}

/** `ToolCalls` for tight spaces. */
export function CallLines({ calls, limit, isClipped }: CallLinesProps) {
  return calls.map((call, index) => (
    <span key={index} className={classes.call}>
      <strong>{call.name}</strong> <CallArguments text={call.arguments} limit={limit} isClipped={isClipped} />
    </span>
  ));
}

function CallArguments({
  text,
  limit,
  isClipped,
}: Omit<CallLinesProps, 'calls'> & { readonly text: string }) {
  const formatted = useMemo(
    () => formattedArguments(text, isClipped ? null : CELL_WIDTH, limit),
    [text, isClipped, limit],
  );
  const shown = formatted ? jsonText(formatted) : text.length > limit ? `${text.slice(0, limit)}…` : text;
  return <code className={classes.json}>{shown}</code>;
}
