/** One measured fact: `value` in `unit`, and the goal it is held against where there is one. */
export interface Measure {
  readonly name: string;
  /** Null where it could not be measured; its goal is then not met. */
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

/** What could not be measured: never met. */
export function notMeasured({ name, unit, goal }: Measure): Measure {
  return goal === undefined ? { name, value: null, unit } : { name, value: null, unit, goal, met: false };
}
