import type { BatchRequest, Template, Variables } from '../../../../src-shared/domain';

export interface PlanTarget {
  readonly key: string;
  readonly connectionId: string | null;
  readonly model: string;
}

/** A comparison while it is put together. */
export interface Plan {
  readonly template: Template | null;
  readonly name: string;
  readonly targets: readonly PlanTarget[];
  readonly inputs: readonly Variables[];
  readonly replicates: number;
  readonly concurrency: number | null;
  readonly stream: boolean;
  readonly budget: string;
  /** What happens when a model answers as another version than at the start. */
  readonly driftPolicy: BatchRequest['drift_policy'];
  /** Models and options are the sample's, and nobody has made them theirs. */
  readonly isSample: boolean;
  /** What was last done to the inputs as a whole; null once somebody typed since. */
  readonly change: InputsChange | null;
}

export interface InputsChange {
  /** In words, for the person to read. */
  readonly done: string;
  /** The inputs as they were; null where nothing was taken over. */
  readonly before: readonly Variables[] | null;
  /** Nothing was taken over, because something is wrong with what was given. */
  readonly refused?: true;
}
