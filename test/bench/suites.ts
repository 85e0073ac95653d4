/** One measurement: `value` in `unit`, and its goal, if any. */
export interface Measure {
  readonly name: string;
  /** Null if it could not be measured; the goal is then not met. */
  readonly value: number | null;
  readonly unit: string;
  readonly goal?: string;
  readonly met?: boolean;
}

export interface Suite {
  readonly name: string;
  run(log: (line: string) => void): Promise<Measure[]>;
}

export function atLeast(name: string, value: number, unit: string, goal: number): Measure {
  return { name, value, unit, goal: `≥ ${goal}`, met: value >= goal };
}

export function atMost(name: string, value: number, unit: string, goal: number): Measure {
  return { name, value, unit, goal: `≤ ${goal}`, met: value <= goal };
}

export function fact(name: string, value: number, unit: string): Measure {
  return { name, value, unit };
}

/** A measurement that could not be taken: its goal is never met. */
export function notMeasured({ name, unit, goal }: Measure): Measure {
  return goal === undefined ? { name, value: null, unit } : { name, value: null, unit, goal, met: false };
}
