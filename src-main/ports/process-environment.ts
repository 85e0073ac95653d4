/**
 * Changes environment variables while `work` runs, then restores them; undefined hides a variable. For libraries that
 * obey the environment whatever they are told; each use states its reason. `work` must be synchronous, so that nothing
 * else sees the change.
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

/** Node would store `undefined` as that word. */
function assign(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
