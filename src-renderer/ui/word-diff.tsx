import { useMemo } from 'react';
import type { WordChange } from '../../src-shared/domain';
import { changesOf, wordChanges } from '../../src-shared/diff';
import classes from './word-diff.module.css';

interface WordDiffProps {
  readonly before: string;
  readonly after: string;
  /** Names what the text is compared with. */
  readonly reference: string;
  /** If the texts have little in common, shows both rather than only the new one. */
  readonly showBoth?: boolean;
}

/** A word diff: insertions underlined, deletions struck through, both tinted. */
export function WordDiff({ before, after, reference, showBoth = false }: WordDiffProps) {
  const changes = useMemo(() => {
    if (before === after) return [];
    return showBoth ? changesOf(before, after) : wordChanges(before, after);
  }, [before, after, showBoth]);
  if (before === after) return <span className={classes.note}>= identical to {reference}</span>;
  if (!changes) {
    return (
      <>
        <span className={classes.note}>≠ little in common with {reference} </span>
        {after}
      </>
    );
  }
  return <WordChanges changes={changes} />;
}

export function WordChanges({ changes }: { readonly changes: readonly WordChange[] }) {
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
