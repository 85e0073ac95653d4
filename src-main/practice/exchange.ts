import type { IncomingHttpHeaders } from 'node:http';
import type { PracticeVendor } from '../../src-shared/domain';
import type { Faults } from './faults';
import type { Manner } from './answers/answer-text';
import type { Random } from './answers/prng';
import type { WireRecord } from './vendors/wire-value';

/** One request, read and understood as far as all vendors share it. */
export interface Exchange {
  readonly vendor: PracticeVendor;
  readonly manner: Manner;
  /** Undefined: the vendor has nothing at this path. */
  readonly answer: Operation['answer'];
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

/** What a path of a vendor's asks for. */
export interface Operation {
  readonly answer: ((exchange: Exchange) => Reply) | undefined;
  /** The model named by the path, still with its fault suffix. */
  readonly model?: string | undefined;
}

/** A vendor whose wire is played: how its requests are known, and how it answers them. */
export interface Vendor {
  readonly manner: Manner;
  /** Whether a path outside every prefix is this vendor's alone. */
  readonly ownsPath: (path: string) => boolean;
  /** Whether headers or query are those of its clients. */
  readonly isCaller: (headers: IncomingHttpHeaders, query: string) => boolean;
  /** What a POST to `{version}/{rest}` asks for. */
  readonly operationOf: (rest: string) => Operation | undefined;
  readonly listModels: (exchange: Exchange) => Reply;
  readonly getModel: (exchange: Exchange) => Reply;
  /** Sent with every answer, errors included. */
  readonly headers: (exchange: Exchange) => Record<string, string>;
  /** Undefined where the key will do. */
  readonly refuseKey: (exchange: Exchange) => Reply | undefined;
  /** Undefined where the version that the request names will do, or none is asked for. */
  readonly refuseVersion: (exchange: Exchange) => Reply | undefined;
  /** The error that a `status` fault asks for. */
  readonly statusFault: (exchange: Exchange, status: number) => Reply;
  /** A wrong request, worded by the vendor. */
  readonly badRequest: (exchange: Exchange, message: string) => Reply;
  /** The message for a body that is no JSON object. */
  readonly notJson: string;
  readonly tooLarge: (exchange: Exchange) => Reply;
  readonly unknownPath: (exchange: Exchange) => Reply;
}

// Answers carry no clock: times lie in a fixed window, placed by the request's hash.
const WINDOW_START_S = Date.UTC(2026, 10, 1) / 1000;
const WINDOW_S = 19 * 86_400;

/** The answer's creation time in epoch seconds, a function of the request. */
export function createdSeconds(random: Random): number {
  return WINDOW_START_S + random.int(WINDOW_S);
}
