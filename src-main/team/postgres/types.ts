import type { TeamDatabase } from '../../home';
import type { Clock, Ids, Logger } from '../../ports';
import type { LongReads, Store } from '../../store';

export type { TeamDatabase };

/** A record that the team database does not take. It holds up nobody and can be tried again. */
export interface SetAside {
  record_type: string;
  record_id: string;
  reason: string;
  since: string;
}

export interface PushStatus {
  /** `waiting`: records are about to be pushed; `failing`: the last try failed and the next one is scheduled. */
  state: 'idle' | 'pushing' | 'waiting' | 'paused' | 'failing';
  waiting: number;
  /** Since the engine was started. */
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

/** Brings local records to the team database. It works in the background until it is closed. */
export interface TeamEngine {
  /** Cheap: from memory. */
  status(): PushStatus;
  /**
   * Pushes until nothing waits, even while paused.
   * @throws TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, CANCELLED; records stay queued
   */
  push(signal?: AbortSignal): Promise<{ pushed: number; waiting: number; set_aside: number }>;
  /** Stops pushing in the background, remembered until `resume`. */
  pause(): void;
  resume(): void;
  /** The oldest records set aside. */
  setAside(limit: number): SetAside[];
  /** Queues them again. @returns how many */
  retrySetAside(): number;
  /** How many records this installation has, and how many of them the team database holds. */
  counts(): Promise<TeamCounts[]>;
  /** Ends the push that is under way after its batch; nothing is lost. */
  close(): Promise<void>;
}

/** How long to wait for what, in milliseconds. */
export interface TeamTimings {
  readonly connect: number;
  /** Until a statement is answered, beside what its bytes may take on a slow line. */
  readonly answer: number;
  /** Commits of this long are pushed together. */
  readonly gather: number;
  readonly firstRetry: number;
  readonly lastRetry: number;
  /** How long closing waits for the batch under way. */
  readonly goodbye: number;
}

export interface TeamEngineDeps {
  readonly store: Store;
  readonly longReads: LongReads;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly database: TeamDatabase;
  /** The organisation that the database's role belongs to. */
  readonly org_id: string;
  /** Shorter in tests. */
  readonly timings?: Partial<TeamTimings>;
}
