import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { runSimulate } from '.';

const folder = mkdtempSync(join(tmpdir(), 'practice-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('prints one ready line, serves the script with a journal, and ends with its process', async () => {
  const script = join(folder, 'script.json');
  const journal = join(folder, 'journal.jsonl');
  writeFileSync(script, JSON.stringify([{ match: { path: '*/models' }, do: { status: 503 } }]));
  const lines: string[] = [];
  const running = runSimulate({ port: 0, script, journal, print: (line) => lines.push(line) });
  await expect.poll(() => lines).toHaveLength(1);
  const ready = z
    .strictObject({ url: z.url(), pid: z.literal(process.pid) })
    .parse(JSON.parse(lines[0] ?? ''));

  const response = await fetch(`${ready.url}/openai/v1/models`, { headers: { authorization: 'Bearer k' } });
  await response.text();
  expect(response.status).toBe(503);
  process.emit('SIGTERM');
  await running;
  expect(lines).toHaveLength(1);
  expect(readFileSync(journal, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  await expect(fetch(ready.url)).rejects.toThrow();
});

it('does not start with a wrong script', async () => {
  const script = join(folder, 'wrong.json');
  writeFileSync(script, JSON.stringify([{ do: { latency: -1 } }]));
  await expect(runSimulate({ script })).rejects.toThrow(/0\.do\.latency: must be at least 0/);
});
