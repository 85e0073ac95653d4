import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { version } from '../../package.json';
import { CLI, startCli, type RunningCli } from './cli';
import { runCommand, type Outcome, type Written } from './program';
import { temporaryFolder } from './temporary';

const readySchema = z.object({ url: z.string(), token: z.string(), pid: z.number() });

export interface ServedHome {
  readonly url: string;
  readonly token: string;
  readonly child: ChildProcess;
  /** Ends it with a signal and waits for it. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** A data folder of its own, with a name that is not easy, for commands of the version that is built. */
export function homeForCommands() {
  const home = join(temporaryFolder(), 'Prüfung – 試験 (1)');
  const env = { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' };
  onTestFinished(() => void vi.unstubAllEnvs());
  const run = (
    args: readonly string[],
    given: {
      version?: string;
      more?: Record<string, string>;
      watch?: ((written: Written) => void) | undefined;
    },
  ): Promise<Outcome> => {
    for (const [name, value] of Object.entries({ ...env, ...given.more })) vi.stubEnv(name, value);
    return runCommand(args, { version: given.version ?? version, folder: home }, given.watch);
  };
  return {
    home,
    /** Runs a command in this process, as the terminal would. */
    run: (args: readonly string[], watch?: (written: Written) => void) => run(args, { watch }),
    runAs: (other: string, args: readonly string[]) => run(args, { version: other }),
    runWith: (more: Record<string, string>, args: readonly string[]) => run(args, { more }),
    /** Starts a command as a process. */
    start(...args: string[]): RunningCli {
      const running = startCli(args, env);
      onTestFinished(() => void running.child.kill('SIGKILL'));
      return running;
    },
    /** `prompter serve` on it, as a user would start it. */
    async serve(...args: string[]): Promise<ServedHome> {
      const child = spawn(process.execPath, [CLI, 'serve', ...args], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      onTestFinished(async () => {
        child.kill('SIGKILL');
        await exited;
      });
      const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
      const { url, token } = readySchema.parse(JSON.parse(String(line)));
      return {
        url,
        token,
        child,
        async end(signal) {
          child.kill(signal);
          await exited;
        },
      };
    },
  };
}

export type CommandHome = ReturnType<typeof homeForCommands>;
