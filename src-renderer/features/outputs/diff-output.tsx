import { useMemo } from 'react';
import { jsonChanges, JsonDiff, WordDiff } from '../../ui';
import { mayBeJson } from './output-views';

/** A cell lists no more; the rest is said by number. */
const SHOWN_CHANGES = 100;

interface DiffOutputProps {
  readonly before: string;
  readonly after: string;
  /** What the output is compared with, in words. */
  readonly reference: string;
  /** Texts are compared as far as this. */
  readonly limit: number;
}

/** How an output differs from another: by path where both are JSON, otherwise word by word. */
export function DiffOutput({ before, after, reference, limit }: DiffOutputProps) {
  const changes = useMemo(
    () => (mayBeJson(before) && mayBeJson(after) ? jsonChanges(before, after) : null),
    [before, after],
  );
  if (changes)
    return (
      <JsonDiff changes={changes} reference={reference} isSameText={before === after} limit={SHOWN_CHANGES} />
    );
  return <WordDiff before={cut(before, limit)} after={cut(after, limit)} reference={reference} />;
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
