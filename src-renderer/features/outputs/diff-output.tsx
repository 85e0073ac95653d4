import { useMemo } from 'react';
import { outputAsJson, type AnswerOutput } from '../../../src-shared/domain';
import { jsonChanges, JsonDiff, WordDiff } from '../../ui';
import { mayBeJson } from './output-views';

/** How many changes a cell lists; the rest are only counted. */
const SHOWN_CHANGES = 100;

interface DiffOutputProps {
  readonly before: AnswerOutput;
  readonly after: AnswerOutput;
  /** Names what the output is compared with. */
  readonly reference: string;
  /** Compares at most this many characters. */
  readonly limit: number;
}

/** The diff of two outputs: by path if one calls tools or both are JSON, otherwise word by word. */
export function DiffOutput({ before: from, after: to, reference, limit }: DiffOutputProps) {
  const { before, after } = useMemo(() => comparable(from, to), [from, to]);
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

/** Once either calls tools, the text is one part of each output among others. */
function comparable(from: AnswerOutput, to: AnswerOutput): { before: string; after: string } {
  return from.tool_calls === null && to.tool_calls === null
    ? { before: from.output_text ?? '', after: to.output_text ?? '' }
    : { before: outputAsJson(from), after: outputAsJson(to) };
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
