import { preferences, type JsonOutputView, type TextOutputView } from '../../preferences';

export const VIEW_NAMES: Readonly<Record<JsonOutputView | TextOutputView, string>> = {
  formatted: 'Formatted',
  markdown: 'Markdown',
  sent: 'Raw',
};

/** Switches all JSON outputs between formatted and as sent. */
export function toggleOutputView(): void {
  preferences.setState(({ jsonView }) => ({ jsonView: jsonView === 'sent' ? 'formatted' : 'sent' }));
}

/** Whether a text may be JSON worth formatting: an object or array. */
export function mayBeJson(text: string): boolean {
  return /^[ \t\n\r]*[{[]/.test(text);
}
