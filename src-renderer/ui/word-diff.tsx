import { useMemo } from 'react';
import { wordChanges } from './word-changes';
import classes from './word-diff.module.css';

interface WordDiffProps {
  readonly before: string;
  readonly after: string;
  /** What the text is compared with, in words. */
  readonly reference: string;
}

/** What changed, word by word: insertions underlined, deletions struck, tinted as well. */
export function WordDiff({ before, after, reference }: WordDiffProps) {
  const changes = useMemo(() => (before === after ? [] : wordChanges(before, after)), [before, after]);
  if (before === after) return <span className={classes.note}>= identical to {reference}</span>;
  if (!changes) {
    return (
      <>
        <span className={classes.note}>≠ little in common with {reference} </span>
        {after}
      </>
    );
  }
  return changes.map(({ kind, text }, index) => {
    if (kind === 'same') return text;
    const Change = kind === 'added' ? 'ins' : 'del';
    return (
      <Change key={index} className={classes[kind]}>
        {text}
      </Change>
    );
  });
}
