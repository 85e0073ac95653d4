import type { TeamDatabase } from '../../home';
import type { Clock, Ids, Logger } from '../../ports';
import type { LongReads, Store } from '../../store';

export type { TeamDatabase };

/** A record that the team database rejected. It blocks no other record and can be retried. */
export interface SetAside {
  record_type: string;
  record_id: string;
  reason: string;
  since: string;
}

export interface PushStatus {
  /** `waiting`: a push is about to start; `failing`: the last one failed and the next is scheduled. */
  state: 'idle' | 'pushing' | 'waiting' | 'paused' | 'failing';
  waiting: number;
  /** Since the engine started. */
  pushed: number;
  set_aside: number;
  last_push_at: string | null;
  last_error: string | null;
  next_try_at: string | null;
}

export interface TeamCounts {
  record_type: string;
  local: number;
  remote: number;
}

/** Pushes local records to the team database, in the background until it is closed. */
export interface TeamEngine {
  /** Cheap: from memory. */
  status(): PushStatus;
  /**
   * Pushes until the queue is empty, even while paused.
   * @throws TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, CANCELLED; records stay queued
   */
  push(signal?: AbortSignal): Promise<{ pushed: number; waiting: number; set_aside: number }>;
  /** Stops pushing in the background; persists until `resume`. */
  pause(): void;
  resume(): void;
  /** The oldest records set aside. */
  setAside(limit: number): SetAside[];
  /** Queues them again. @returns how many */
  retrySetAside(): number;
  /** How many records this installation has, and how many of them the team database holds. */
  counts(): Promise<TeamCounts[]>;
  /** Ends the current push after its batch; nothing is lost. */
  close(): Promise<void>;
}

/** In milliseconds. */
export interface TeamTimings {
  readonly connect: number;
  /** For a statement's answer, on top of an allowance for sending its bytes over a slow line. */
  readonly answer: number;
  /** Commits within this time are pushed together. */
  readonly coalesce: number;
  readonly firstRetry: number;
  readonly lastRetry: number;
  /** How long closing waits for the current batch. */
  readonly disconnect: number;
}

export interface TeamEngineDeps {
  readonly store: Store;
  readonly longReads: LongReads;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly database: TeamDatabase;
  /** The organisation of the database's role. */
  readonly org_id: string;
  /** Shortened in tests. */
  readonly timings?: Partial<TeamTimings>;
}
