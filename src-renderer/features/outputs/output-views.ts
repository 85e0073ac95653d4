import { preferences, type JsonOutputView, type TextOutputView } from '../../preferences';

type OutputView = JsonOutputView | TextOutputView;

export const VIEW_NAMES: Readonly<Record<OutputView, string>> = {
  formatted: 'Formatted',
  sent: 'As sent',
  markdown: 'Markdown',
};

/** Every output in the other view; which one that is depends on whether it is JSON. */
export function toggleOutputView(): void {
  preferences.setState(({ jsonView }) => ({ jsonView: jsonView === 'sent' ? 'formatted' : 'sent' }));
}

/** Whether a text can be JSON that is worth formatting: a number or a word alone is not. */
export function mayBeJson(text: string): boolean {
  return /^[ \t\n\r]*[{[]/.test(text);
}
