import type { IncomingHttpHeaders } from 'node:http';
import type { PracticeVendor } from '../../src-shared/domain';
import type { Faults } from './faults';
import type { Tone } from './answers/answer-text';
import type { Random } from './answers/prng';
import type { WireRecord } from './vendors/wire-value';

/** One request, parsed as far as all vendors agree. */
export interface Exchange {
  readonly vendor: PracticeVendor;
  readonly tone: Tone;
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
  /** How often the model's version has drifted so far. */
  readonly generation: number;
  /** How many requests with this key came before; each call counts one. */
  readonly turnOf: (key: string) => number;
  /** SHA-256 of the request's body, hex. */
  readonly digest: string;
  /** Seeded from the request alone. */
  readonly random: Random;
}

/** What to answer; the body is one JSON text, or the frames of an event stream. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | readonly string[];
}

/** What a vendor's path does. */
export interface Operation {
  readonly answer: ((exchange: Exchange) => Reply) | undefined;
  /** The model in the path, fault suffix included. */
  readonly model?: string | undefined;
}

/** A simulated vendor: how to recognise its requests, and how to answer them. */
export interface Vendor {
  readonly tone: Tone;
  /** Whether a path outside every prefix belongs to this vendor alone. */
  readonly ownsPath: (path: string) => boolean;
  /** Whether headers or query come from one of its clients. */
  readonly isCaller: (headers: IncomingHttpHeaders, query: string) => boolean;
  /** The operation behind a POST to `{version}/{rest}`. */
  readonly operationOf: (rest: string) => Operation | undefined;
  readonly listModels: (exchange: Exchange) => Reply;
  readonly getModel: (exchange: Exchange) => Reply;
  /** Sent with every answer, errors included. */
  readonly headers: (exchange: Exchange) => Record<string, string>;
  /** Undefined if the key is accepted. */
  readonly refuseKey: (exchange: Exchange) => Reply | undefined;
  /** Undefined if the requested version is accepted, or none is required. */
  readonly refuseVersion: (exchange: Exchange) => Reply | undefined;
  /** The error of a `status` fault. */
  readonly statusFault: (exchange: Exchange, status: number) => Reply;
  /** A 400 in the vendor's wording. */
  readonly badRequest: (exchange: Exchange, message: string) => Reply;
  /** The message for a body that is not a JSON object. */
  readonly notJson: string;
  readonly tooLarge: (exchange: Exchange) => Reply;
  readonly unknownPath: (exchange: Exchange) => Reply;
}

// Answers never read the clock: the request's hash picks a time from a fixed window.
const WINDOW_START_S = Date.UTC(2026, 10, 1) / 1000;
const WINDOW_S = 19 * 86_400;

/** Creation time in epoch seconds, derived from the request. */
export function createdSeconds(random: Random): number {
  return WINDOW_START_S + random.int(WINDOW_S);
}
