import { useEffect, useLayoutEffect, type RefObject } from 'react';

/** The field that a screen begins with has this attribute; a screen without one begins at its heading. */
const FIRST = '[data-first-field]';
const HEADING = 'h1[tabindex="-1"]';

/** Whether an element is a screen's heading, which has focus while nothing else of the screen has. */
export function isPageHeading(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(HEADING);
}

/**
 * A screen that opens takes focus, however it was reached, unless something in it or a dialog has it already: what is typed
 * next is meant for this screen, and what reads the screen aloud begins here.
 */
export function usePageFocus(page: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { activeElement } = document;
    const isTaken = activeElement?.closest('main, [role="dialog"]');
    if (!isTaken || activeElement?.id === 'main') focusStart(page.current);
  }, [page]);
}

/** Focus whose element has gone is the screen's again: nothing that is typed may go nowhere, or somewhere else. */
export function useKeptFocus(main: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const node = main.current;
    if (!node) return undefined;
    let last: HTMLElement | null = null;
    const onFocus = ({ target }: FocusEvent): void => {
      // A dialog gives focus back by itself.
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

function focusStart(within: HTMLElement | null): void {
  const start = within?.querySelector<HTMLElement>(FIRST) ?? within?.querySelector<HTMLElement>(HEADING);
  start?.focus({ preventScroll: true });
}
