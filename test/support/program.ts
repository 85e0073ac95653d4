import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { runProgram, type ProgramInfo } from '../../src-main/hosts/cli/program';
import type { Terminal } from '../../src-main/hosts/cli/terminal';

export interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A command's output so far. */
export interface Written {
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process as the terminal would; `watch` sees standard output and error as they grow. */
export async function runCommand(
  args: readonly string[],
  info: ProgramInfo,
  watch: (written: Written) => void = () => {},
  terminal: Partial<Terminal> = {},
): Promise<Outcome> {
  const written = { out: '', err: '' };
  const exitCode = await runProgram(args, info, {
    out: (text) => {
      written.out += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
      watch(written);
    },
    err: (text) => {
      written.err += text;
      watch(written);
    },
    outIsTty: false,
    errIsTty: false,
    columns: 120,
    ...terminal,
  });
  return { exitCode, ...written };
}

/** The command line in this process, with a fresh working folder and home for each test. */
export function commandLine() {
  const folder = mkdtempSync(join(tmpdir(), 'prompter-cli-'));
  let home = '';
  let homes = 0;
  beforeEach(() => {
    home = join(folder, `home-${++homes}`);
    vi.stubEnv('PROMPTER_HOME', home);
    vi.stubEnv('PROMPTER_KEYCHAIN', 'session');
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => rmSync(folder, { recursive: true }));

  return {
    folder,
    home: () => home,
    file(name: string, content: string | Uint8Array): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    prompter: (
      args: readonly string[],
      watch?: (written: Written) => void,
      terminal?: Partial<Terminal>,
    ): Promise<Outcome> => runCommand(args, { version: '1.2.3', folder }, watch, terminal),
  };
}
