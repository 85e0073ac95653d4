import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf } from './lib/comparison';
import { benchProcess, CLI, cliArgs, median, runMeasured, temporaryFolder } from './lib/processes';
import { promptfooEnvironment, providePromptfoo } from './lib/promptfoo';
import { atLeast, fact, notMeasured, type Measure, type Suite } from './suites';

const ROUNDS = 15;

interface Launch {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A long-running program: the launch counts until its first line, then it is killed. */
  readonly untilLine?: boolean;
}
interface Cost {
  readonly wall_ms: number;
  readonly cpu_ms: number | null;
}

/** Start-up times, as multiples of an empty Node's. */
export const start: Suite = {
  name: 'start: the command line and serve, beside an empty Node and promptfoo',
  async run(log) {
    const promptfoo = await providePromptfoo(log);
    if (typeof promptfoo === 'string') log(promptfoo);
    const folder = temporaryFolder();
    try {
      const store = join(folder.path, 'store');
      await runMeasured(CLI, ['sample'], environmentOf(store));
      const costs = new Map<string, Cost[]>();
      for (let round = 0; round < ROUNDS; round += 1) {
        // A killed process leaves recovery work to the next one that opens its store.
        const killed = join(folder.path, `killed-${round}`);
        cpSync(store, killed, { recursive: true });
        const launches = {
          empty: { args: ['-e', '0'] },
          version: { args: cliArgs('--version') },
          list: { args: cliArgs('templates', 'list'), env: environmentOf(store) },
          serve: { args: cliArgs('serve', '--port', '0'), env: environmentOf(killed), untilLine: true },
          ...(typeof promptfoo !== 'string' && {
            promptfoo: {
              args: ['--import', benchProcess('loopback-only'), promptfoo.entry, '--version'],
              env: promptfooEnvironment(join(folder.path, 'promptfoo')),
            },
          }),
        } satisfies Record<string, Launch>;
        for (const [name, launch] of Object.entries(launches)) {
          costs.set(name, [...(costs.get(name) ?? []), await cost(launch)]);
        }
      }
      return measures((name) => costs.get(name) ?? []);
    } finally {
      folder.remove();
    }
  },
};

async function cost({ args, env = {}, untilLine = false }: Launch): Promise<Cost> {
  const cpuBefore = childrenCpuMs();
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let readyAt: number | undefined;
  child.stdout.on('data', (data: Buffer) => {
    if (!untilLine || !data.includes('\n')) return;
    readyAt ??= performance.now();
    child.kill('SIGKILL');
  });
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  const endedAt = performance.now();
  if (untilLine ? readyAt === undefined : code !== 0)
    throw new Error(`node ${args.join(' ')} ended with ${code}`);
  const cpuAfter = childrenCpuMs();
  return {
    wall_ms: (readyAt ?? endedAt) - startedAt,
    cpu_ms: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
  };
}

const TICK_MS = 10;
const USER_TICKS_OF_CHILDREN = 13;

/**
 * CPU of all ended children, from Linux's accounting in ticks of 10 ms (proc_pid_stat(5), `cutime` and `cstime`): a
 * probe inside would distort an empty Node's cost. Null on other systems.
 */
function childrenCpuMs(): number | null {
  if (process.platform !== 'linux') return null;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const [user, system] = fields.slice(USER_TICKS_OF_CHILDREN, USER_TICKS_OF_CHILDREN + 2).map(Number);
  return user === undefined || system === undefined ? null : (user + system) * TICK_MS;
}

function measures(costs: (name: string) => readonly Cost[]): Measure[] {
  const wall = (name: string): number => median(costs(name).map(({ wall_ms }) => wall_ms));
  // Ticks are too coarse for a single launch, so all launches are summed.
  const cpu = (name: string): number =>
    costs(name).reduce((sum, { cpu_ms }) => sum + (cpu_ms ?? Number.NaN), 0) / costs(name).length;
  const facts = (name: string, words: string): Measure[] => [
    fact(words, wall(name), 'ms'),
    fact(`${words} / empty Node`, wall(name) / wall('empty'), '×'),
    fact(`${words}, CPU / empty Node`, cpu(name) / cpu('empty'), '×'),
  ];
  const list = [
    fact('empty Node', wall('empty'), 'ms'),
    fact('empty Node, CPU', cpu('empty'), 'ms'),
    ...facts('version', 'prompter --version'),
    ...facts('list', 'prompter templates list'),
    ...facts('serve', 'prompter serve, until ready'),
    ...facts('promptfoo', 'promptfoo --version'),
    atLeast('promptfoo --version / prompter --version', wall('promptfoo') / wall('version'), '×', 15),
    atLeast('promptfoo --version / prompter templates list', wall('promptfoo') / wall('list'), '×', 8),
  ];
  return list.map((measure) => (Number.isFinite(measure.value) ? measure : notMeasured(measure)));
}
