import { useEffect } from 'react';
import { isPageHeading } from '../ui';

const MOVING = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']);
/** What expands a row of a list or moves along it, and scrolls nothing. */
const ACROSS = new Set(['ArrowLeft', 'ArrowRight']);
/** A screen's list, or its scrollable content: both can take focus. */
const PLACE = 'main :is([role="grid"], [role="treegrid"], [role="group"])[tabindex="0"]';

/**
 * While nothing has focus, or only the heading of a newly opened screen, navigation keys go to the list or scrollable
 * content and focus it.
 */
export function useMovingKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { key, code, target, ctrlKey, metaKey, altKey } = event;
      if ((target !== document.body && !isPageHeading(target)) || event.defaultPrevented) return;
      if (metaKey || altKey || (!MOVING.has(key) && !ACROSS.has(key))) return;
      const place = document.querySelector<HTMLElement>(PLACE);
      const isList = place?.role === 'grid' || place?.role === 'treegrid';
      if (!isList && ACROSS.has(key)) return;
      place?.focus({ preventScroll: true });
      // Now focused, a region is scrolled by the browser; a list handles its own keys.
      if (!isList) return;
      event.preventDefault();
      place.dispatchEvent(
        new KeyboardEvent('keydown', { key, code, ctrlKey, bubbles: true, cancelable: true }),
      );
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
