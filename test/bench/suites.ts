/** One measured fact: `value` in `unit`, and the goal it is held against where there is one. */
export interface Measure {
  readonly name: string;
  readonly value: number;
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
