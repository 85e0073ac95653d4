/** What came of a run so far. Unknown until the run has been read. */
export type AnswerState = 'running' | 'answered' | 'unanswered' | 'unknown';

export interface AnsweredWords {
  readonly words: string;
  readonly tone: 'current' | 'stale' | 'none';
}

/** How the run that is shown relates to the text on screen; null while that is not known. */
export function answeredWords(
  answer: AnswerState,
  { isCurrent, hasOtherValues }: { readonly isCurrent: boolean; readonly hasOtherValues: boolean },
): AnsweredWords | null {
  const tone = isCurrent ? 'none' : 'stale';
  switch (answer) {
    case 'unknown':
      return null;
    case 'running':
      return { words: isCurrent ? 'Running the text on screen.' : `Running another text: ${CHANGED}`, tone };
    case 'unanswered':
      return {
        words: isCurrent
          ? `No answer to ${hasOtherValues ? 'this text with other values' : 'the text on screen'}.`
          : `No answer to another text: ${CHANGED}`,
        tone,
      };
    case 'answered':
      if (!isCurrent) return { words: `Answer to another text: ${CHANGED}`, tone };
      return hasOtherValues
        ? { words: 'Answer to this text with other values.', tone: 'none' }
        : { words: 'Answer to the text on screen.', tone: 'current' };
  }
}

const CHANGED = 'yours has changed since.';
