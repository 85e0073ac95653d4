import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from 'playwright';
import * as z from 'zod';
import { systemBrowser } from '../../../scripts/lib/browser.mjs';
import { environmentOf } from './comparison';
import { benchProcess, cliArgs, usageSchema } from './processes';

const readySchema = z.object({ url: z.string(), token: z.string(), link: z.string() });

export interface Serving extends z.infer<typeof readySchema> {
  /** Calls the loopback API as a script would; throws unless the status is 2xx. */
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
  /** The server-sent events of a path, as text, to their end. */
  events(path: string): AsyncIterable<string>;
  /** CPU used by the serving process since it started. */
  cpuMs(): Promise<number>;
  stop(): void;
}

/** `prompter serve` on the given home. */
export async function startServing(home: string): Promise<Serving> {
  const child = spawn(
    process.execPath,
    ['--import', benchProcess('usage-probe'), ...cliArgs('serve', '--port', '0')],
    {
      env: { ...process.env, ...environmentOf(home) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const line = await new Promise<string>((done, fail) => {
    if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', done);
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}`)));
  });
  const ready = readySchema.parse(JSON.parse(line));
  const request = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${ready.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${ready.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    ...ready,
    call: async (method, path, body) => (await request(method, path, body)).json(),
    async *events(path) {
      const { body } = await request('GET', path);
      if (body !== null) yield* body.pipeThrough(new TextDecoderStream());
    },
    async cpuMs() {
      const answer = new Promise<unknown>((done) => child.once('message', done));
      child.send('usage');
      return usageSchema.parse(await answer).cpu_ms;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

const BROWSER = systemBrowser();

/** Headless Chromium that makes no requests of its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(BROWSER !== undefined && { executablePath: BROWSER }),
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
