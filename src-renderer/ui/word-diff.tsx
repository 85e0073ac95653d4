import { useMemo } from 'react';
import { wordChanges, type WordChange } from './word-changes';
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
    return wordChanges(before, after) ?? (showBoth ? replacement(before, after) : null);
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

function replacement(before: string, after: string): WordChange[] {
  return [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ];
}
