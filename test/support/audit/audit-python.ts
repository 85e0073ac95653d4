import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { PYTHON_VERIFIER } from '../../../src-main/audit';

/** Whether python3 is installed; prints a notice if not. */
export const hasPython = ((): boolean => {
  const found = spawnSync('python3', ['--version']).status === 0;
  if (!found)
    process.stderr.write('Skipped: python3 is not on this machine, so the Python verifier was not run.\n');
  return found;
})();

/** Runs the Python verifier on each export within one process; returns exit codes and output. */
export function verifyWithPython(exports: readonly string[]): { code: number; text: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'prompter-audit-'));
  try {
    writeFileSync(join(folder, 'verify_audit.py'), PYTHON_VERIFIER);
    const paths = exports.map((text, index) => {
      const path = join(folder, `${index}.jsonl`);
      writeFileSync(path, text);
      return path;
    });
    const driver = [
      'import contextlib, io, json, sys, verify_audit',
      'for path in json.load(sys.stdin):',
      '    out = io.StringIO()',
      '    with contextlib.redirect_stdout(out): code = verify_audit.main(["", path])',
      '    print(json.dumps({"code": code, "text": out.getvalue()}))',
    ].join('\n');
    const run = spawnSync('python3', ['-B', '-c', driver], {
      cwd: folder,
      input: JSON.stringify(paths),
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    if (run.status !== 0) throw new Error(run.stderr);
    const result = z.object({ code: z.number(), text: z.string() });
    return run.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => result.parse(JSON.parse(line)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the exported verifier as a third party would. */
export function runVerifier(verifier: string, ...args: string[]): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync('python3', [verifier, ...args], { encoding: 'utf8' });
  return { status, stdout };
}
