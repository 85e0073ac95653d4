/**
 * Permanently deletes variables that an SDK reads on its own: they could send a key elsewhere or add headers to a
 * request (docs/providers.md#environment-variables). Runs before each use of the SDK, since anything may have set them
 * again; all options are passed explicitly as well. Keys stay: a connection may name one as its source, and an SDK that
 * is given a key does not look for one.
 */
export function scrubSdkVariables(names: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  for (const name of names) if (env[name] !== undefined) delete env[name];
}
