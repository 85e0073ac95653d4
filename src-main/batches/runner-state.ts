import type { BatchStatus } from '../../src-shared/domain';
import type { ChangedBy } from '../store';

/** A batch's status, its reason and who set it: one row of its history. */
interface Standing {
  readonly status: BatchStatus;
  readonly reason: string | null;
  readonly by: ChangedBy;
}

export interface Halt extends Standing {
  readonly status: 'paused' | 'stopped' | 'cancelled';
  readonly reason: string;
}

interface Completion extends Standing {
  readonly status: 'completed';
  readonly reason: null;
}

export type RunnerState =
  /** Must be stored as running before anything is sent. `from` is the pause being left; null on the first start. */
  | { readonly phase: 'starting'; readonly from: Halt | null }
  | { readonly phase: 'running' }
  /**
   * Sends no further cells; calls may be in flight. Broken: an error ended a worker, and only a new runner can resume.
   */
  | {
      readonly phase: 'halted';
      readonly halt: Halt;
      readonly isBroken: boolean;
      readonly isWritten: boolean;
    }
  /** No call is in flight any more. */
  | { readonly phase: 'over'; readonly end: Halt | Completion; readonly isWritten: boolean };

export type RunnerEvent =
  | { readonly type: 'halt'; readonly halt: Halt }
  /** An error ended a worker: the store, the keychain, a removed connection. */
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'resume' }
  /** The last worker has ended. `refused` says why cells were skipped; null if none were. */
  | { readonly type: 'settled'; readonly refused: string | null }
  /** The state's standing has been stored. */
  | { readonly type: 'written' }
  | { readonly type: 'not_written' };

export const STARTING: RunnerState = { phase: 'starting', from: null };

const RUNNING: Standing = { status: 'running', reason: null, by: 'local' };
const COMPLETED: Completion = { status: 'completed', reason: null, by: 'prompter' };

/** Returns the same object while the standing is unchanged: a new object means that it must be written. */
export function standingOf(state: RunnerState): Standing {
  if (state.phase === 'halted') return state.halt;
  return state.phase === 'over' ? state.end : RUNNING;
}

export function isWritten(state: RunnerState): boolean {
  return state.phase === 'running' || (state.phase !== 'starting' && state.isWritten);
}

/** The state after an event; the same object if the event does not apply. */
export function next(state: RunnerState, event: RunnerEvent): RunnerState {
  switch (state.phase) {
    case 'starting':
      return nextOfStarting(state, event);
    case 'running':
      return nextOfRunning(state, event);
    case 'halted':
      return nextOfHalted(state, event);
    case 'over':
      return event.type === 'written' && !state.isWritten ? { ...state, isWritten: true } : state;
  }
}

function nextOfStarting(state: RunnerState & { phase: 'starting' }, event: RunnerEvent): RunnerState {
  if (event.type === 'written') return { phase: 'running' };
  if (event.type !== 'not_written' || state.from === null) return state;
  return halted(state.from);
}

function nextOfRunning(state: RunnerState & { phase: 'running' }, event: RunnerEvent): RunnerState {
  switch (event.type) {
    case 'halt':
      return halted(event.halt);
    case 'error': {
      const reason = `Paused by an error: ${event.message}`;
      return { ...halted({ status: 'paused', reason, by: 'prompter' }), isBroken: true };
    }
    case 'settled': {
      const { refused } = event;
      const end =
        refused === null
          ? COMPLETED
          : { status: 'paused' as const, reason: refused, by: 'prompter' as const };
      return { phase: 'over', end, isWritten: false };
    }
    default:
      return state;
  }
}

function nextOfHalted(state: RunnerState & { phase: 'halted' }, event: RunnerEvent): RunnerState {
  switch (event.type) {
    case 'halt':
      // A pause with calls in flight can be cancelled; nothing else replaces the reason for a halt.
      return state.halt.status === 'paused' && event.halt.status === 'cancelled'
        ? { ...state, halt: event.halt, isWritten: false }
        : state;
    case 'error':
      return state.isBroken ? state : { ...state, isBroken: true };
    case 'resume':
      return state.halt.status === 'paused' && !state.isBroken
        ? { phase: 'starting', from: state.halt }
        : state;
    case 'settled':
      return { phase: 'over', end: state.halt, isWritten: state.isWritten };
    case 'written':
      return state.isWritten ? state : { ...state, isWritten: true };
    default:
      return state;
  }
}

function halted(halt: Halt): RunnerState & { phase: 'halted' } {
  return { phase: 'halted', halt, isBroken: false, isWritten: false };
}
