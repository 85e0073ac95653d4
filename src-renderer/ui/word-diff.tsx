import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';
import classes from './word-diff.module.css';

interface WordDiffProps {
  readonly before: string;
  readonly after: string;
}

/** A difference that takes longer than this is not worth waiting for. */
const TIMEOUT_MS = 120;

/** What changed, word by word: insertions underlined, deletions struck, tinted as well. */
export function WordDiff({ before, after }: WordDiffProps) {
  const changes = useMemo(
    () => (before === after ? [] : diffWordsWithSpace(before, after, { timeout: TIMEOUT_MS })),
    [before, after],
  );
  if (before === after) return <span className={classes.same}>= identical to the baseline</span>;
  if (!changes) return <span>{after}</span>;
  return (
    <span>
      {changes.map((change, index) =>
        change.added ? (
          <ins key={index} className={classes.added}>
            {change.value}
          </ins>
        ) : change.removed ? (
          <del key={index} className={classes.removed}>
            {change.value}
          </del>
        ) : (
          change.value
        ),
      )}
    </span>
  );
}
