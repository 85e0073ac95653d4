import { closeSync, openSync, writeSync } from 'node:fs';

/** A request that was received to its last byte. */
export interface JournalRequest {
  readonly event: 'request';
  /** Counts requests from 1; the answer carries the same number. */
  readonly n: number;
  readonly at: string;
  readonly protocol: string;
  readonly method: string;
  readonly path: string;
  /** The model as asked for, fault suffix included. */
  readonly model: string | null;
  readonly request_sha256: string;
  readonly client_request_id: string | null;
}

/** An answer that was begun. A request without one was never answered. */
export interface JournalAnswer {
  readonly event: 'answer';
  readonly n: number;
  readonly at: string;
  readonly status: number;
  /** Over the body's bytes as sent, without transfer framing. */
  readonly response_sha256: string;
  readonly response_bytes: number;
  /** From the request's last byte to the answer's last. */
  readonly latency_ms: number;
  /** False when the connection ended before the whole answer was written. */
  readonly complete: boolean;
}

export type JournalEntry = JournalRequest | JournalAnswer;

export interface Journal {
  record(entry: JournalEntry): void;
  entries(): JournalEntry[];
  close(): void;
}

export interface JournalOptions {
  /** Entries kept in memory: all, none, or the latest N. */
  readonly keep: boolean | number;
  readonly file: string | undefined;
  /** Each line is in the file before `record` returns, so a request's line precedes its answer. */
  readonly sync: boolean;
}

/** Opens the witness of every request and answer. */
export function openJournal(options: JournalOptions): Journal {
  const limit = options.keep === true ? Infinity : options.keep === false ? 0 : options.keep;
  const kept: JournalEntry[] = [];
  const file = options.file === undefined ? undefined : openLines(options.file, options.sync);
  return {
    record(entry) {
      file?.append(JSON.stringify(entry));
      if (limit === 0) return;
      kept.push(entry);
      // Trimming by halves keeps the cost of a full journal constant per entry.
      if (kept.length >= limit * 2) kept.splice(0, kept.length - limit);
    },
    entries: () => (kept.length > limit ? kept.slice(-limit) : kept.slice()),
    close: () => file?.close(),
  };
}

/** An append-only line file. Buffered lines leave in order at the end of the event loop's turn. */
function openLines(path: string, sync: boolean) {
  const descriptor = openSync(path, 'a', 0o600);
  let pending = '';
  let scheduled = false;
  let open = true;
  const flush = () => {
    scheduled = false;
    if (pending === '' || !open) return;
    const text = pending;
    pending = '';
    writeAll(descriptor, text);
  };
  return {
    append(line: string) {
      // A connection may end after the journal was closed; the file then holds what was finished before.
      if (!open) return;
      if (sync) return writeAll(descriptor, `${line}\n`);
      pending += `${line}\n`;
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
    close() {
      flush();
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}
