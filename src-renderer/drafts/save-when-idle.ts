const IDLE_MS = 250;
const waiting = new Set<() => void>();

/** Saves what waits to be saved, for somebody who is about to read it. */
export function saveNow(): void {
  for (const save of waiting) save();
}

/**
 * Saves when changes pause, when the page is hidden and when the subscription ends, so that storage never delays
 * typing and no text is lost. Returns the unsubscribe function.
 */
export function saveWhenIdle(follow: (onChange: () => void) => () => void, save: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const saveWaiting = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    save();
  };
  waiting.add(saveWaiting);
  const unfollow = follow(() => {
    clearTimeout(timer);
    timer = setTimeout(saveWaiting, IDLE_MS);
  });
  window.addEventListener('pagehide', saveWaiting);
  return () => {
    saveWaiting();
    waiting.delete(saveWaiting);
    unfollow();
    window.removeEventListener('pagehide', saveWaiting);
  };
}
