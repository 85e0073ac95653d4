import { useEffect, useState } from 'react';

/** How long a tab may be hidden before its streams are closed. */
const ASLEEP_AFTER_MS = 20_000;

/**
 * Whether this window needs live streams. A browser opens at most six connections per host across all tabs, so hidden
 * tabs must not hold any.
 */
export function useAwake(): boolean {
  const [awake, setAwake] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = (): void => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') setAwake(true);
      else timer = setTimeout(() => setAwake(false), ASLEEP_AFTER_MS);
    };
    document.addEventListener('visibilitychange', onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onChange);
    };
  }, []);
  return awake;
}
