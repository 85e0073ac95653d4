import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where bundles for other processes are made; gone after the run. */
    bundlesFolder: string;
  }
}

/** Under the project: what is not bundled is found in its node_modules. */
export default function provideBundlesFolder({ config, provide }: TestProject): () => void {
  const parent = join(config.root, '.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'test-bundles-'));
  provide('bundlesFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
