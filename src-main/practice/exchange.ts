import type { IncomingHttpHeaders } from 'node:http';
import type { Faults } from './faults';
import type { Random } from './answers/prng';
import type { WireRecord } from './protocols/wire-value';

export type Protocol = 'openai' | 'anthropic' | 'google';

export type Operation =
  | 'chat'
  | 'responses'
  | 'messages'
  | 'generate'
  | 'stream-generate'
  | 'list-models'
  | 'get-model'
  | 'unknown';

/** One request, read and understood as far as all protocols share it. */
export interface Exchange {
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly apiVersion: 'v1' | 'v1beta';
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: WireRecord;
  /** The model's id without a fault suffix; empty when the request names none. */
  readonly model: string;
  readonly faults: Faults;
  /** How often the version evidence has drifted so far. */
  readonly generation: number;
  /** How often this was asked for before: counts up with each call. */
  readonly turnOf: (key: string) => number;
  /** SHA-256 of the request's body, hex. */
  readonly digest: string;
  /** Seeded by the request alone. */
  readonly random: Random;
}

/** What to answer: one JSON text, or the frames of an event stream. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | readonly string[];
}

// Answers carry no clock: times lie in a fixed window, placed by the request's hash.
const WINDOW_START_S = Date.UTC(2026, 10, 1) / 1000;
const WINDOW_S = 19 * 86_400;

/** The answer's creation time in epoch seconds, a function of the request. */
export function createdSeconds(random: Random): number {
  return WINDOW_START_S + random.int(WINDOW_S);
}
