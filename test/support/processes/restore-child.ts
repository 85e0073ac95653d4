import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RestoreStep } from '../../../src-main/store';
import { bundled } from './bundled';

const script = fileURLToPath(new URL('restore-child-process.mjs', import.meta.url));

/** Restores `file` into `home` in another process that is killed before the step. @returns the signal that ended it */
export async function killRestore(home: string, file: string, before: RestoreStep): Promise<string | null> {
  const bundle = await bundled('src-main/core/backups.ts');
  const child = spawn(process.execPath, [script, bundle, home, file, before], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'exit');
  return child.signalCode;
}
