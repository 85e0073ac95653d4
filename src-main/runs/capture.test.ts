import { hash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newRun } from '../../test/support/new-run';
import { seedRunParents } from '../../test/support/run-parents';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import type { ProviderClients, RawExchange } from '../ports';
import { createEchoGuard } from '../providers/http/redact';
import {
  attemptDuration,
  getRawResponse,
  getRunRow,
  insertAttempt,
  insertRun,
  rawPartsOf,
  sentApi,
  sentRequest,
  streamHeadOf,
  type Store,
} from '../store';
import { createCapture } from './capture';

const SECRET = 'sk-canary-0123456789-ABCDEFGHIJ';
const STARS = '*'.repeat(SECRET.length);
const HEADERS = [['content-type', 'text/event-stream']] as const;
const HEAD = {
  api: 'openai.chat_completions',
  requestBody: '{"model":"m"}',
  httpStatus: 200,
  headers: HEADERS,
} as const;

/** The adapters are not asked: the answers here were never sent for. */
const clients: ProviderClients = {
  echoGuard: createEchoGuard,
  clientFor: missing,
};

/** How often the bytes of a stream are kept at least, and from how many on at once (docs/reliability.md). */
const INTERVAL_MS = 250;
const AT_ONCE = 65_536;

function storeForRuns() {
  const store = openTempStore();
  const { template_ids, connection_id } = seedRunParents(store, 1);
  return { store, template_id: template_ids[0] ?? '', connection_id };
}

/** A capture of the only attempt of a run, whose call has just been sent. */
function captureOf(secret: string | null = null, { store, ...parents } = storeForRuns()) {
  const clock = createTestClock();
  const runId = testIds.uuid();
  const attemptId = testIds.uuid();
  store.write((tx) => {
    insertRun(tx, newRun({ run_id: runId, ...parents }));
    insertAttempt(tx, {
      attempt_id: attemptId,
      run_id: runId,
      attempt_index: 0,
      started_at: '2026-01-01T00:00:00.000Z',
    });
  });
  clock.advance(5000);
  const capture = createCapture({ store, clock, clients }, { runId, attemptId, secret, assets: [] });
  const { onExchange, onStreamStart = missing, onPart = missing } = capture.observer;
  return {
    store,
    runId,
    attemptId,
    capture,
    onExchange,
    begin: (headers: RawExchange['headers'] = HEADERS) => onStreamStart({ ...HEAD, headers }),
    add: (bytes: string | Uint8Array) => onPart(Buffer.from(bytes)),
    held: clients.echoGuard(secret).longest - 1,
    raw: () => getRawResponse(store.read, attemptId),
    /** What of a stream a crash would leave now. */
    kept: () => Buffer.from(rawPartsOf(store.read, attemptId).bytes).toString(),
    parts: () => partsOf(store, attemptId),
  };
}

function missing(): never {
  throw new Error('That is not there.');
}

function partsOf(store: Store, attemptId: string) {
  return store.read
    .prepare<[string], { part_index: number; redacted: number }>(
      `SELECT part_index, redacted FROM raw_parts WHERE attempt_id = ? ORDER BY part_index`,
    )
    .all(attemptId);
}

const exchangeOf = (bytes: string | Uint8Array, more: Partial<RawExchange> = {}): RawExchange => ({
  ...HEAD,
  bytes: Buffer.from(bytes),
  complete: true,
  streamed: true,
  latencyMs: 700,
  firstByteMs: 300,
  ...more,
});

/** What was enqueued so far is committed when this is. */
const committed = (store: Store): Promise<void> => store.enqueue(() => undefined);

/** Lets the store refuse some writes, as it does on a full disk. */
function refuse(store: Store, event: string, reason: string): void {
  store.write((tx) => {
    tx.prepare(`CREATE TRIGGER ${reason} BEFORE ${event} BEGIN SELECT RAISE(ABORT, '${reason}'); END`).run();
  });
}

// With the clock still, a commit takes no time, and the store does not wait for others to share it.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('an answer', () => {
  it('is stored with everything about it, and the run waits to be read', async () => {
    const { store, runId, attemptId, capture, onExchange, raw } = captureOf();
    const exchange = exchangeOf('{"id":1}', { httpStatus: 429, complete: false });
    await onExchange(exchange);
    expect(raw()).toMatchObject({
      http_status: 429,
      headers: HEADERS,
      sha256: hash('sha256', '{"id":1}'),
      size: 8,
      complete: false,
      redacted: false,
      bytes: Buffer.from('{"id":1}'),
    });
    expect(getRunRow(store.read, runId)).toMatchObject({
      status: 'raw_stored',
      attempt_id: attemptId,
      latency_ms: 700,
      first_byte_ms: 300,
    });
    expect(sentApi(store.read, attemptId)?.api).toBe('openai.chat_completions');
    expect(sentRequest(store.read, attemptId)).toBe('{"model":"m"}');
    expect(attemptDuration(store.read, attemptId)).toBeGreaterThanOrEqual(5000);
    expect(capture.exchange()).toBe(exchange);
    expect(capture.storageError()).toBeNull();
  });

  it('is none before it is durable', async () => {
    const { capture, onExchange, raw } = captureOf();
    const stored = onExchange(exchangeOf('{}'));
    expect([raw(), capture.exchange()]).toEqual([null, null]);
    await stored;
    expect(capture.exchange()).not.toBeNull();
  });

  it.each(['INSERT ON raw_responses', 'UPDATE OF status ON attempts', 'UPDATE OF status ON runs'])(
    'is stored whole or not at all, where the store refuses %s',
    async (event) => {
      const { store, attemptId, capture, onExchange, raw } = captureOf();
      refuse(store, event, 'no_space');
      await expect(onExchange(exchangeOf('{}'))).rejects.toThrow('no_space');
      expect(capture.storageError()?.message).toContain('no_space');
      expect(capture.exchange()).toBeNull();
      expect([raw(), sentRequest(store.read, attemptId)]).toEqual([null, null]);
    },
  );

  it('with the key in it is hashed as it came, and stored and read without the key', async () => {
    const { capture, onExchange, raw } = captureOf(SECRET);
    const came = `{"key":"${SECRET}"}`;
    await onExchange(exchangeOf(came));
    const bytes = Buffer.from(`{"key":"${STARS}"}`);
    expect(raw()).toMatchObject({ sha256: hash('sha256', came), redacted: true, bytes });
    expect(capture.exchange()).toEqual(exchangeOf(bytes));
  });

  it('that was compressed around the key is measured as it came, and read decoded', async () => {
    const { capture, onExchange, raw } = captureOf(SECRET);
    const came = gzipSync(SECRET.repeat(100));
    await onExchange(exchangeOf(came, { headers: [...HEADERS, ['content-encoding', 'gzip']] }));
    const decoded = {
      bytes: Buffer.from(STARS.repeat(100)),
      headers: [...HEADERS, ['x-prompter-decoded', 'gzip']],
    };
    expect(raw()).toMatchObject({ sha256: hash('sha256', came), size: came.length, ...decoded });
    expect(capture.exchange()).toMatchObject(decoded);
  });
});

describe('the text of a stream', () => {
  it('is passed on to whoever watches, and to nobody where nobody does', () => {
    const { store } = captureOf();
    const onText = vi.fn();
    const deps = { store, clock: createTestClock(), clients };
    const target = { runId: 'r', attemptId: 'a', secret: null, assets: [] };
    createCapture(deps, { ...target, onText }).observer.onText?.('word');
    expect(onText).toHaveBeenCalledExactlyOnceWith('word');
    expect(createCapture(deps, target).observer.onText).toBeUndefined();
  });
});

describe('the bytes of a stream', () => {
  it('are kept a quarter of a second after the first of them came, together', async () => {
    const { store, begin, add, kept, parts } = captureOf();
    begin();
    add('one ');
    vi.advanceTimersByTime(INTERVAL_MS - 1);
    add('two ');
    await committed(store);
    expect(kept()).toBe('');
    vi.advanceTimersByTime(1);
    await committed(store);
    expect(kept()).toBe('one two ');
    expect(vi.getTimerCount()).toBe(0);

    add('three ');
    vi.advanceTimersByTime(INTERVAL_MS - 1);
    await committed(store);
    expect(kept()).toBe('one two ');
    vi.advanceTimersByTime(1);
    await committed(store);
    expect(kept()).toBe('one two three ');
    expect(parts()).toEqual([
      { part_index: 0, redacted: 0 },
      { part_index: 1, redacted: 0 },
    ]);
  });

  it('are kept at once when they are many, and wait again from there', async () => {
    const { store, begin, add, kept } = captureOf();
    begin();
    add('x'.repeat(AT_ONCE - 1));
    vi.advanceTimersByTime(INTERVAL_MS - 1);
    await committed(store);
    expect(kept()).toBe('');
    add('y');
    await committed(store);
    expect(kept()).toHaveLength(AT_ONCE);
    expect(vi.getTimerCount()).toBe(0);
    add('z'.repeat(AT_ONCE - 1));
    await committed(store);
    expect(kept()).toHaveLength(AT_ONCE);
    vi.advanceTimersByTime(INTERVAL_MS);
    await committed(store);
    expect(kept()).toHaveLength(2 * AT_ONCE - 1);
  });

  it('are kept with how the answer began, once and in the same commit', async () => {
    const { store, attemptId, begin, add, kept } = captureOf();
    begin();
    await committed(store);
    expect(streamHeadOf(store.read, attemptId)).toBeNull();
    add('one ');
    vi.advanceTimersByTime(INTERVAL_MS);
    await committed(store);
    expect(streamHeadOf(store.read, attemptId)).toEqual({ http_status: 200, headers: HEADERS });
    expect(sentApi(store.read, attemptId)?.api).toBe('openai.chat_completions');
    expect(sentRequest(store.read, attemptId)).toBe('{"model":"m"}');
    // The head is not written a second time: the next part does without.
    refuse(store, 'UPDATE OF stream_head ON attempts', 'twice');
    add('two');
    vi.advanceTimersByTime(INTERVAL_MS);
    await committed(store);
    expect(kept()).toBe('one two');
  });

  it('are the answer when it has ended, and nothing of it is stored twice', async () => {
    const { capture, onExchange, begin, add, raw, kept, store } = captureOf();
    begin();
    add('one ');
    vi.advanceTimersByTime(INTERVAL_MS);
    add('two');
    const exchange = exchangeOf('one two');
    await onExchange(exchange);
    expect(vi.getTimerCount()).toBe(0);
    expect(kept()).toBe('one two');
    expect(raw()).toMatchObject({ sha256: hash('sha256', 'one two'), size: 7, streamed: true });
    expect(store.read.prepare(`SELECT encoding, bytes FROM raw_responses`).get()).toEqual({
      encoding: 'parts',
      bytes: null,
    });
    expect(capture.exchange()).toBe(exchange);
  });

  it('rest in one piece where the answer was over before any of them had to be kept', async () => {
    const { onExchange, begin, add, raw, parts } = captureOf();
    begin();
    add('short');
    await onExchange(exchangeOf('short'));
    expect(vi.getTimerCount()).toBe(0);
    expect(parts()).toEqual([]);
    expect(raw()?.bytes).toEqual(Buffer.from('short'));
  });

  it.each(['gzip', 'identity'])(
    'that come with content-encoding %s are kept if they can be searched',
    async (encoding) => {
      const { store, onExchange, begin, add, kept, raw } = captureOf(SECRET);
      const headers = [...HEADERS, ['content-encoding', encoding]] as const;
      const bytes = randomBytes(2 * AT_ONCE);
      begin(headers);
      add(bytes);
      await committed(store);
      expect(kept() === '').toBe(encoding === 'gzip');
      await onExchange(exchangeOf(bytes, { headers }));
      expect(Buffer.from(raw()?.bytes ?? []).equals(bytes)).toBe(true);
    },
  );

  it('are no part of an answer that was not announced as a stream', async () => {
    const { store, add, kept } = captureOf();
    add('x'.repeat(2 * AT_ONCE));
    vi.advanceTimersByTime(INTERVAL_MS);
    await committed(store);
    expect(kept()).toBe('');
  });
});

describe('the key in a stream', () => {
  it('is never kept by half, wherever it is cut', async () => {
    const runs = storeForRuns();
    for (let cut = 1; cut < SECRET.length; cut += 1) {
      const { store, onExchange, begin, add, kept, parts, raw } = captureOf(SECRET, runs);
      const before = 'b'.repeat(60);
      begin();
      add(before + SECRET.slice(0, cut));
      vi.advanceTimersByTime(INTERVAL_MS);
      await committed(store);
      expect(before).toContain(kept());
      expect(kept()).not.toBe('');
      add(`${SECRET.slice(cut)} and on`);
      vi.advanceTimersByTime(INTERVAL_MS);
      await onExchange(exchangeOf(`${before}${SECRET} and on`));
      expect(kept()).toBe(`${before}${STARS} and on`);
      expect(parts().at(0)?.redacted).toBe(0);
      expect(parts().some(({ redacted }) => redacted === 1)).toBe(true);
      expect(raw()).toMatchObject({ redacted: true, sha256: hash('sha256', `${before}${SECRET} and on`) });
    }
  });

  it('holds back as many bytes as may be the beginning of one, and no more', async () => {
    const { store, onExchange, begin, add, kept, parts, held } = captureOf(SECRET);
    begin();
    add('x'.repeat(held));
    vi.advanceTimersByTime(INTERVAL_MS);
    await committed(store);
    expect(parts()).toEqual([]);
    add('y');
    vi.advanceTimersByTime(INTERVAL_MS);
    await committed(store);
    expect(kept()).toBe('x');
    // What is held back does not count for the bytes that are kept at once.
    add('z'.repeat(AT_ONCE - 1));
    await committed(store);
    expect(kept()).toHaveLength(1);
    add('z');
    await committed(store);
    expect(kept()).toHaveLength(1 + AT_ONCE);
    const all = `${'x'.repeat(held)}y${'z'.repeat(AT_ONCE)}`;
    await onExchange(exchangeOf(all));
    expect(kept()).toBe(all);
    expect(parts().map(({ part_index }) => part_index)).toEqual([0, 1, 2]);
  });
});

describe('a part that cannot be stored', () => {
  it('ends what is kept there, and the answer is in doubt for the reason that was first', async () => {
    const { store, capture, onExchange, begin, add, kept, raw } = captureOf();
    refuse(store, 'INSERT ON raw_parts WHEN NEW.part_index = 1', 'first_refusal');
    refuse(store, 'INSERT ON raw_parts WHEN NEW.part_index = 2', 'second_refusal');
    begin();
    add('x'.repeat(AT_ONCE));
    await committed(store);
    // Two before the first is refused, and one after.
    add('y'.repeat(AT_ONCE));
    add('y'.repeat(AT_ONCE));
    await committed(store);
    add('z'.repeat(AT_ONCE));
    await committed(store);
    const all = `${'x'.repeat(AT_ONCE)}${'y'.repeat(2 * AT_ONCE)}${'z'.repeat(AT_ONCE)}`;
    await expect(onExchange(exchangeOf(all))).rejects.toThrow('first_refusal');
    expect(capture.storageError()?.message).toContain('first_refusal');
    expect(capture.exchange()).toBeNull();
    expect(raw()).toBeNull();
    expect(kept()).toBe('x'.repeat(AT_ONCE));
  });

  it('as the last one leaves no answer either', async () => {
    const { store, capture, onExchange, begin, add, raw } = captureOf();
    begin();
    add('one ');
    vi.advanceTimersByTime(INTERVAL_MS);
    await committed(store);
    refuse(store, 'INSERT ON raw_parts', 'no_space');
    add('two');
    await expect(onExchange(exchangeOf('one two'))).rejects.toThrow('no_space');
    expect(capture.storageError()?.message).toContain('no_space');
    expect([capture.exchange(), raw()]).toEqual([null, null]);
  });
});
