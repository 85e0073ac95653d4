import { useMemo } from 'react';
import { jsonChanges, JsonDiff, WordDiff } from '../../ui';
import { mayBeJson } from './output-views';

/** How many changes a cell lists; the rest are only counted. */
const SHOWN_CHANGES = 100;

interface DiffOutputProps {
  readonly before: string;
  readonly after: string;
  /** Names what the output is compared with. */
  readonly reference: string;
  /** Compares at most this many characters. */
  readonly limit: number;
}

/** The diff of two outputs: by path if both are JSON, otherwise word by word. */
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
