/**
 * Changes variables of the process's environment while `work` runs, and puts them back; undefined takes one out of sight.
 * For libraries that obey the environment whatever they are told: each names its reason where it is used. `work` has
 * to be done in one turn, so that nothing else meets the change.
 */
export function withEnvironment<T>(changes: Readonly<Record<string, string | undefined>>, work: () => T): T {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  try {
    for (const [name, value] of Object.entries(changes)) assign(name, value);
    return work();
  } finally {
    for (const [name, value] of before) assign(name, value);
  }
}

/** Node writes `undefined` as that word. */
function assign(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
