/**
 * One press of Ctrl+C comes several times: the terminal signals every process in front, and npm and the starting
 * script pass on what they got. What comes this soon after the first is the same press.
 */
const SAME_PRESS_MS = 300;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What to do when the user, or the system, wants the command to end. */
export interface Interruptions {
  /** Calls `first` at the first wish to end, and ends the process at once at the next. */
  listen(first: () => void): void;
  stop(): void;
}

export function createInterruptions(
  quit: () => void = () => process.exit(130),
  now: () => number = () => performance.now(),
): Interruptions {
  let first: (() => void) | null = null;
  let pressedAt: number | null = null;
  const pressed = () => {
    if (pressedAt === null) {
      pressedAt = now();
      first?.();
    } else if (now() - pressedAt > SAME_PRESS_MS) quit();
  };
  return {
    listen(callback) {
      if (first === null) for (const signal of SIGNALS) process.on(signal, pressed);
      first = callback;
    },
    stop() {
      for (const signal of SIGNALS) process.off(signal, pressed);
    },
  };
}
