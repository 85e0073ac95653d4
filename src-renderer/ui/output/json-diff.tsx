import { WordDiff } from '../word-diff';
import type { JsonChange } from './json-changes';
import diff from '../word-diff.module.css';
import classes from './output.module.css';

interface JsonDiffProps {
  readonly changes: readonly JsonChange[];
  /** Names what the value is compared with. */
  readonly reference: string;
  /** Whether the texts are identical, not only the values. */
  readonly isSameText: boolean;
  /** Lists at most this many. */
  readonly limit: number;
}

/** Changes in a JSON value by path, with signs and words rather than colour alone. */
export function JsonDiff({ changes, reference, isSameText, limit }: JsonDiffProps) {
  if (changes.length === 0)
    return (
      <span className={classes.note}>
        = {isSameText ? `identical to ${reference}` : `the same JSON as ${reference}, written differently`}
      </span>
    );
  const shown = changes.slice(0, limit);
  return (
    <ul className={classes.changes} aria-label={`What differs from ${reference}`}>
      {shown.map((change) => (
        <li key={`${change.kind} ${change.pointer}`}>
          <span className={classes.path}>{change.pointer || 'the whole value'}</span>{' '}
          {change.kind === 'changed' ? (
            <WordDiff
              before={short(change.before)}
              after={short(change.after)}
              reference={reference}
              showBoth
            />
          ) : change.kind === 'removed' ? (
            <del className={diff.removed}>{short(change.before)}</del>
          ) : (
            <ins className={diff.added}>{short(change.after)}</ins>
          )}
        </li>
      ))}
      {changes.length > shown.length && (
        <li className={classes.note}>and {changes.length - shown.length} more</li>
      )}
    </ul>
  );
}

/** A replaced value may be long; the output has its full text. */
const SHOWN_CHARS = 1000;

function short(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
