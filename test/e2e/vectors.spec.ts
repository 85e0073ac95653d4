import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { build } from 'vite';

const vectors = resolve(import.meta.dirname, '../vectors');
const read = (name: string): unknown => JSON.parse(readFileSync(join(vectors, `${name}.json`), 'utf8'));

test('the frozen vectors hold in the browser, where the editor hashes', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'prompter-vectors-'));
  try {
    await build({
      configFile: false,
      logLevel: 'silent',
      root: vectors,
      build: {
        outDir: folder,
        lib: {
          entry: join(vectors, 'check-vectors.ts'),
          formats: ['iife'],
          name: 'vectors',
          fileName: () => 'vectors.js',
        },
      },
    });
    // Hashing needs a secure context, which a page on loopback is and about:blank is not.
    await page.route('http://127.0.0.1/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>vectors</title>' }),
    );
    await page.goto('http://127.0.0.1/');
    await page.addScriptTag({ path: join(folder, 'vectors.js') });
    const given = {
      numbers: read('numbers'),
      json: read('json'),
      text: read('text'),
      templates: read('templates'),
      content: read('content'),
      toolOutput: read('tool-output'),
      alsLength: read('als-length'),
      alsVariant: read('als-variant'),
    };
    const failures = await page.evaluate(async (data) => {
      const loaded = Reflect.get(window, 'vectors') as { checkVectors(all: unknown): Promise<string[]> };
      return loaded.checkVectors(data);
    }, given);
    expect(failures).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
