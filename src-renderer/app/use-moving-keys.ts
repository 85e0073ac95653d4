import { useEffect } from 'react';
import { isPageHeading } from '../ui';

const MOVING = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']);
/** A screen's list, or its content where that scrolls: both can have focus. */
const PLACE = 'main :is([role="grid"], [role="group"])[tabindex="0"]';

/** Where nothing has focus, or the heading of a screen that has just opened, the keys that move go to what can be moved in, which has focus from then on. */
export function useMovingKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { key, code, target, ctrlKey, metaKey, altKey } = event;
      if ((target !== document.body && !isPageHeading(target)) || event.defaultPrevented || !MOVING.has(key))
        return;
      if (metaKey || altKey) return;
      const place = document.querySelector<HTMLElement>(PLACE);
      place?.focus({ preventScroll: true });
      // A region is scrolled by the browser now that it has focus; a list is moved in by its own keys.
      if (place?.role !== 'grid') return;
      event.preventDefault();
      place.dispatchEvent(
        new KeyboardEvent('keydown', { key, code, ctrlKey, bubbles: true, cancelable: true }),
      );
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
