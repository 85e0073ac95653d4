import type { DraftMessage } from '../draft-messages';
import type { EditorState } from '../draft-store';
import type { TextProblem } from '../text-problem';

export function blockIn({ draft }: Pick<EditorState, 'draft'>, key: string): DraftMessage | undefined {
  return draft.messages?.find((block) => block.key === key);
}

/** The problem of the text at this place: paths are written with dots or slashes. */
export function problemAt(problem: TextProblem | null, index: number, part?: number): TextProblem | null {
  const [field, message, , at] = problem?.field.split(/[./]/) ?? [];
  if (field !== 'messages' || message !== String(index)) return null;
  return part === undefined || at === undefined || at === String(part) ? problem : null;
}
