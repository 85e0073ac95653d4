/** `now` is milliseconds since the epoch, `monotonic` milliseconds for measuring durations. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export interface Ids {
  /** A new UUIDv7: later ids of one process sort after earlier ones. */
  uuid(): string;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Structured log lines; implementations redact values before they leave the process. */
export interface Logger {
  log(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}
