import { closeSync, openSync, writeSync } from 'node:fs';

/** A request that was received in full. */
export interface JournalRequest {
  readonly event: 'request';
  /** Numbers requests from 1; the answer carries the same number. */
  readonly n: number;
  readonly at: string;
  readonly protocol: string;
  readonly method: string;
  readonly path: string;
  /** As requested, fault suffix included. */
  readonly model: string | null;
  readonly request_sha256: string;
  readonly client_request_id: string | null;
}

/** An answer that was started. A request without one was never answered. */
export interface JournalAnswer {
  readonly event: 'answer';
  readonly n: number;
  readonly at: string;
  readonly status: number;
  /** Of the body as sent, without transfer encoding. */
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
  /** Each line is on file before `record` returns, so a request's line precedes its answer. */
  readonly sync: boolean;
}

export function openJournal(options: JournalOptions): Journal {
  const limit = options.keep === true ? Infinity : options.keep === false ? 0 : options.keep;
  const kept: JournalEntry[] = [];
  const file = options.file === undefined ? undefined : openLines(options.file, options.sync);
  return {
    record(entry) {
      file?.append(JSON.stringify(entry));
      if (limit === 0) return;
      kept.push(entry);
      // Halving keeps the cost per entry constant once the journal is full.
      if (kept.length >= limit * 2) kept.splice(0, kept.length - limit);
    },
    entries: () => (kept.length > limit ? kept.slice(-limit) : kept.slice()),
    close: () => file?.close(),
  };
}

/** An append-only file of lines. Buffered lines are written in order at the end of the event loop's turn. */
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
      // A connection may end after the journal was closed; the file keeps what was finished before.
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
