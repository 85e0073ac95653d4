import { create } from 'zustand';

interface NoticeState {
  readonly text: string | null;
  readonly at: number;
}

/** The result of the last action, shown in the status bar and announced. */
export const notice = create<NoticeState>()(() => ({ text: null, at: 0 }));

const SHOWN_MS = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function showNotice(text: string): void {
  clearTimeout(timer);
  notice.setState(({ at }) => ({ text, at: at + 1 }));
  timer = setTimeout(() => notice.setState({ text: null }), SHOWN_MS);
}
