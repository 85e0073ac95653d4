import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A small project of its own: the real configuration files and the given sources. */
export async function plantTree(
  configuration: readonly string[],
  sources: ReadonlyMap<string, string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prompter-planted-'));
  for (const file of configuration) await cp(join(projectRoot, file), join(folder, file));
  for (const [file, text] of sources) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

export const removeTree = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** What a tool of this project prints on standard output when it is run in a folder. */
export function runTool(path: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const tool = join(projectRoot, 'node_modules', path);
    const child = spawn(process.execPath, [tool, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
