import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { onTestFinished } from 'vitest';
import type { Clock, Ids, Logger, LogLevel } from '../../src-main/ports';
import { openStore, type Store, type StoreOptions } from '../../src-main/store';

/** A folder that is removed after the test. */
export function tempHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'prompter-test-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

export const testIds: Ids = { uuid: () => uuidv7() };

export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

/** A clock that advances one millisecond per reading, so that times are ordered, and otherwise only on demand. */
export function createTestClock(start = Date.UTC(2026, 0, 1)): TestClock {
  let now = start;
  return {
    now: () => now++,
    monotonic: () => now - start,
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}

export interface LogLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export function createTestLogger(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return { lines, log: (level, event, fields) => void lines.push({ level, event, fields }) };
}

/** Options for `openStore`, in a fresh folder. */
export function storeOptions(overrides: Partial<StoreOptions> = {}): StoreOptions {
  return {
    home: overrides.home ?? tempHome(),
    ids: testIds,
    clock: createTestClock(),
    logger: createTestLogger(),
    appVersion: '0.0.0-test',
    ...overrides,
  };
}

/** A real store in a real file, closed and removed after the test. */
export function openTempStore(overrides: Partial<StoreOptions> = {}): Store {
  const store = openStore(storeOptions(overrides));
  onTestFinished(() => store.close());
  return store;
}
