import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isWritten,
  next,
  standingOf,
  STARTING,
  type Halt,
  type RunnerEvent,
  type RunnerState,
} from './runner-state';

const paused: Halt = { status: 'paused', reason: 'Another version answered.', by: 'prompter' };
const stopped: Halt = { status: 'stopped', reason: 'Over budget.', by: 'prompter' };
const cancelled: Halt = { status: 'cancelled', reason: 'Cancelled by you.', by: 'local' };
const pausedAgain: Halt = { status: 'paused', reason: 'Paused by you.', by: 'local' };
const completed = { status: 'completed', reason: null, by: 'prompter' } as const;
const broken: Halt = { status: 'paused', reason: 'Paused by an error: disk full', by: 'prompter' };
const refusing: Halt = { status: 'paused', reason: 'Five refusals.', by: 'prompter' };

const EVENTS = {
  pause: { type: 'halt', halt: pausedAgain },
  stop: { type: 'halt', halt: stopped },
  cancel: { type: 'halt', halt: cancelled },
  error: { type: 'error', message: 'disk full' },
  resume: { type: 'resume' },
  settled: { type: 'settled', refused: null },
  settledRefused: { type: 'settled', refused: refusing.reason },
  written: { type: 'written' },
  notWritten: { type: 'not_written' },
} as const satisfies Record<string, RunnerEvent>;

type Flags = Partial<Record<'isBroken' | 'isWritten', true>>;

const running: RunnerState = { phase: 'running' };
const resuming = (from: Halt): RunnerState => ({ phase: 'starting', from });
const halted = (halt: Halt, flags: Flags = {}): RunnerState => ({
  phase: 'halted',
  halt,
  isBroken: flags.isBroken ?? false,
  isWritten: flags.isWritten ?? false,
});
const over = (end: Halt | typeof completed, flags: Omit<Flags, 'isBroken'> = {}): RunnerState => ({
  phase: 'over',
  end,
  isWritten: flags.isWritten ?? false,
});

/** Every state, with what each event makes of it. An event that is not listed changes nothing. */
const STEPS: readonly (readonly [RunnerState, Partial<Record<keyof typeof EVENTS, RunnerState>>])[] = [
  [STARTING, { written: running }],
  [resuming(paused), { written: running, notWritten: halted(paused) }],
  [
    running,
    {
      pause: halted(pausedAgain),
      stop: halted(stopped),
      cancel: halted(cancelled),
      error: halted(broken, { isBroken: true }),
      settled: over(completed),
      settledRefused: over(refusing),
    },
  ],
  [
    halted(paused),
    {
      cancel: halted(cancelled),
      error: halted(paused, { isBroken: true }),
      resume: resuming(paused),
      settled: over(paused),
      settledRefused: over(paused),
      written: halted(paused, { isWritten: true }),
    },
  ],
  [
    halted(paused, { isWritten: true }),
    {
      cancel: halted(cancelled),
      error: halted(paused, { isBroken: true, isWritten: true }),
      resume: resuming(paused),
      settled: over(paused, { isWritten: true }),
      settledRefused: over(paused, { isWritten: true }),
    },
  ],
  [
    halted(paused, { isBroken: true }),
    {
      cancel: halted(cancelled, { isBroken: true }),
      settled: over(paused),
      settledRefused: over(paused),
      written: halted(paused, { isBroken: true, isWritten: true }),
    },
  ],
  ...[stopped, cancelled].map(
    (halt) =>
      [
        halted(halt),
        {
          error: halted(halt, { isBroken: true }),
          settled: over(halt),
          settledRefused: over(halt),
          written: halted(halt, { isWritten: true }),
        },
      ] as const,
  ),
  ...[paused, stopped, cancelled, completed].map(
    (end) => [over(end), { written: over(end, { isWritten: true }) }] as const,
  ),
  ...[paused, stopped, cancelled, completed].map((end) => [over(end, { isWritten: true }), {}] as const),
];

describe('the state of a runner', () => {
  it.each(STEPS)('%j takes the events that it allows, and no other changes it', (state, steps) => {
    for (const [name, event] of Object.entries(EVENTS)) {
      const expected = Object.entries(steps).find(([step]) => step === name)?.[1];
      if (expected) expect(next(state, event), name).toEqual(expected);
      else expect(next(state, event), name).toBe(state);
    }
  });

  it.each([
    [STARTING, { status: 'running', reason: null, by: 'local' }, false],
    [resuming(paused), { status: 'running', reason: null, by: 'local' }, false],
    [running, { status: 'running', reason: null, by: 'local' }, true],
    [halted(paused), paused, false],
    [halted(stopped, { isWritten: true }), stopped, true],
    [over(completed), completed, false],
    [over(cancelled, { isWritten: true }), cancelled, true],
  ])('%j stands as it says', (state, standing, written) => {
    expect(standingOf(state)).toEqual(standing);
    expect(isWritten(state)).toBe(written);
  });
});

describe('whatever happens in whatever order, a runner', () => {
  /** The steps of a random history. */
  const history = fc.array(fc.constantFrom(...Object.values(EVENTS)), { maxLength: 40 }).map((events) => {
    const steps: { before: RunnerState; event: RunnerEvent; after: RunnerState }[] = [];
    let state = STARTING;
    for (const event of events) {
      const after = next(state, event);
      steps.push({ before: state, event, after });
      state = after;
    }
    return steps;
  });
  const holds = (claim: (step: { before: RunnerState; event: RunnerEvent; after: RunnerState }) => void) =>
    fc.assert(
      fc.property(history, (steps) => steps.forEach(claim)),
      { numRuns: 500 },
    );

  it('that is over stays what it was at its end', () => {
    holds(({ before, after }) => {
      if (before.phase !== 'over') return;
      expect(after.phase).toBe('over');
      expect(standingOf(after)).toBe(standingOf(before));
    });
  });

  it('keeps the reason of a halt until it is resumed, but for a pause that is cancelled', () => {
    holds(({ before, event, after }) => {
      if (before.phase !== 'halted' || standingOf(after) === before.halt) return;
      expect(before.halt.status).toBe('paused');
      expect(event === EVENTS.cancel || event === EVENTS.resume).toBe(true);
    });
  });

  it('resumes only from a pause that is neither broken nor over, and gives it back where that cannot be written', () => {
    holds(({ before, event, after }) => {
      if (before !== after && event.type === 'resume') {
        expect(before).toMatchObject({ phase: 'halted', halt: { status: 'paused' }, isBroken: false });
        expect(next(after, EVENTS.notWritten)).toEqual({ ...before, isWritten: false });
      }
    });
  });

  it('once broken never runs again', () => {
    holds(({ before, after }) => {
      if (before.phase !== 'halted' || !before.isBroken) return;
      expect(after.phase === 'over' || (after.phase === 'halted' && after.isBroken)).toBe(true);
    });
  });

  it('counts as written only what was written, and whatever stands anew as not written', () => {
    holds(({ before, event, after }) => {
      if (isWritten(after) && !isWritten(before)) expect(event.type).toBe('written');
      if (
        standingOf(after) !== standingOf(before) &&
        after.phase !== 'starting' &&
        before.phase !== 'starting'
      )
        expect(isWritten(after)).toBe(false);
      if (event.type === 'written') expect(isWritten(after)).toBe(true);
      if (event.type === 'not_written')
        expect(isWritten(after)).toBe(before.phase !== 'starting' && isWritten(before));
    });
  });

  it('is never changed in place', () => {
    holds(({ before, event }) => {
      const text = JSON.stringify(before);
      next(before, event);
      expect(JSON.stringify(before)).toBe(text);
    });
  });
});
