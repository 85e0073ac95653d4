import type { BatchRequest, NamedTemplate, Variables } from '../../../../src-shared/domain';

/** A column being planned: a version of the prompt, a model and parameters. */
export interface PlanTarget {
  readonly key: string;
  /** Null: the version that the plan is for. */
  readonly templateId: string | null;
  /** The label that leads to the version, resolved when the comparison starts. */
  readonly label: string | null;
  readonly connectionId: string | null;
  readonly model: string;
  /** As typed: `effort=low, temperature=0.2`. */
  readonly params: string;
}

/** A comparison being planned. */
export interface Plan {
  readonly template: NamedTemplate | null;
  /** Other versions that columns are of, once they are read. */
  readonly versions: readonly NamedTemplate[];
  readonly name: string;
  readonly targets: readonly PlanTarget[];
  /** Values that each column runs with, as typed: `effort=low,high; temperature=0,1`. */
  readonly vary: string;
  readonly inputs: readonly Variables[];
  readonly replicates: number;
  readonly concurrency: number | null;
  readonly stream: boolean;
  readonly budget: string;
  /** What to do when a model answers with a different version than at the start. */
  readonly driftPolicy: BatchRequest['drift_policy'];
  /** Models and options come unchanged from the sample. */
  readonly isSample: boolean;
  /** The last bulk change of the inputs; null once anything was typed. */
  readonly change: InputsChange | null;
}

export interface InputsChange {
  /** What was done, in words. */
  readonly done: string;
  /** The inputs before the change; null if nothing was added. */
  readonly before: readonly Variables[] | null;
  /** Nothing was added, because the given data is invalid. */
  readonly refused?: true;
}
