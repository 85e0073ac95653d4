import { preferences, type JsonOutputView, type TextOutputView } from '../../preferences';

export const VIEW_NAMES: Readonly<Record<JsonOutputView | TextOutputView, string>> = {
  formatted: 'Formatted',
  markdown: 'Markdown',
  sent: 'Raw',
};

/** Every output that is JSON in the other view. */
export function toggleOutputView(): void {
  preferences.setState(({ jsonView }) => ({ jsonView: jsonView === 'sent' ? 'formatted' : 'sent' }));
}

/** Whether a text can be JSON that is worth formatting: a number or a word alone is not. */
export function mayBeJson(text: string): boolean {
  return /^[ \t\n\r]*[{[]/.test(text);
}
