/**
 * Takes variables that an SDK reads by itself out of the process, for good: they could send a key elsewhere or add headers
 * to a request (docs/providers.md#environment-variables). Runs before each use of the SDK, since anything may have set
 * them again. All options are given explicitly as well. Keys themselves stay: a connection may name one as its source, and
 * no SDK looks for one that it is given.
 */
export function scrubSdkVariables(names: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  for (const name of names) if (env[name] !== undefined) delete env[name];
}
