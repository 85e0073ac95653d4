import { useEffect, useLayoutEffect, type RefObject } from 'react';

/** Marks the field that gets a screen's initial focus; without one, the heading does. */
const FIRST = '[data-first-field]';
const HEADING = 'h1[tabindex="-1"]';

/** Whether an element is a screen's heading, which holds focus while nothing else on the screen does. */
export function isPageHeading(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(HEADING);
}

/**
 * A screen takes focus when it opens, unless something in it or a dialog already has it: keys typed next are meant
 * for this screen, and screen readers start here.
 */
export function usePageFocus(page: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { activeElement } = document;
    const isTaken = activeElement?.closest('main, [role="dialog"]');
    if (!isTaken || activeElement?.id === 'main') focusStart(page.current);
  }, [page]);
}

/** Returns focus to the screen when the focused element disappears, so that keys are never lost or misdirected. */
export function useKeptFocus(main: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const node = main.current;
    if (!node) return undefined;
    let last: HTMLElement | null = null;
    const onFocus = ({ target }: FocusEvent): void => {
      // Dialogs return focus themselves.
      if (target instanceof HTMLElement && !target.closest('[role="dialog"]')) last = target;
    };
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body || last === null || last.isConnected) return;
      last = null;
      focusStart(node);
    });
    document.addEventListener('focusin', onFocus);
    observer.observe(node, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', onFocus);
    };
  }, [main]);
}

/** Moves focus out of a field to the screen itself. */
export function focusPage(): void {
  const main = document.getElementById('main');
  (main?.querySelector<HTMLElement>(HEADING) ?? main)?.focus({ preventScroll: true });
}

function focusStart(within: HTMLElement | null): void {
  const start = within?.querySelector<HTMLElement>(FIRST) ?? within?.querySelector<HTMLElement>(HEADING);
  start?.focus({ preventScroll: true });
}
