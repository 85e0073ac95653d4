import type { PracticeHost } from '../ports';

/** Runs the practice provider's server in this process, started on first use. */
export function createPracticeHost(): PracticeHost {
  let server: Promise<{ url: string; close(): Promise<void> }> | null = null;
  const start = async () => {
    const { startPracticeServer } = await import('../practice');
    // The journal has no reader here.
    return startPracticeServer({ port: 0, keepJournal: false });
  };
  return {
    async url() {
      server ??= start().catch((error: unknown) => {
        // The next caller retries.
        server = null;
        throw error;
      });
      return (await server).url;
    },
    async close() {
      await (await server)?.close();
    },
  };
}
