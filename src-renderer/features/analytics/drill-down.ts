import type { RunsSearch } from '../../addresses';

interface Answer {
  readonly boundaries: readonly string[];
  readonly slots: readonly string[];
  readonly simulated: boolean;
}

/** Filters for the runs behind a number: one slot's, or the whole range's. */
export function runsBehind(
  answer: Answer,
  slot: string | null,
  more: Pick<RunsSearch, 'template' | 'model_id' | 'connection' | 'counted' | 'status'> = {},
): RunsSearch {
  const index = slot === null ? -1 : answer.slots.indexOf(slot);
  const [from, to] =
    index < 0
      ? [answer.boundaries[0], answer.boundaries.at(-1)]
      : [answer.boundaries[index], answer.boundaries[index + 1]];
  return { counted: 'ended', from, to, simulated: answer.simulated, ...more };
}
