import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { bundled } from './bundled';

const script = fileURLToPath(new URL('store-child-process.mjs', import.meta.url));

export interface StoreChild {
  readonly pid: number;
  /** `SIGKILL`: like a crash; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Lets it close its store cleanly. */
  close(): Promise<void>;
}

/**
 * Starts another process that owns the store in `home`. Resolves once it has written to the store; rejects with its
 * output.
 */
export async function startStoreChild(home: string): Promise<StoreChild> {
  const child = spawn(process.execPath, [script, await bundled('src-main/store/index.ts'), home], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const [said]: unknown[] = await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => ['ended without a word']),
  ]);
  const answer = String(said).trim();
  if (answer !== 'ready') throw new Error(answer);
  return {
    pid: pidOf(child),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The process did not start.');
  return child.pid;
}
