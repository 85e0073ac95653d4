import { create } from 'zustand';

interface NoticeState {
  readonly text: string | null;
  readonly at: number;
}

/** The result of the last action, shown in the status bar and announced. */
export const notice = create<NoticeState>()(() => ({ text: null, at: 0 }));

const SHOWN_MS = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;
let isForNext = false;

/** @param on an action that opens another screen says there what it did */
export function showNotice(text: string, on: 'this screen' | 'next screen' = 'this screen'): void {
  clearTimeout(timer);
  isForNext = on === 'next screen';
  notice.setState(({ at }) => ({ text, at: at + 1 }));
  timer = setTimeout(clear, SHOWN_MS);
}

/** Another screen has opened: what was said on the one before does not concern it. */
export function leaveScreen(): void {
  if (isForNext) isForNext = false;
  else clear();
}

function clear(): void {
  clearTimeout(timer);
  isForNext = false;
  notice.setState({ text: null });
}
