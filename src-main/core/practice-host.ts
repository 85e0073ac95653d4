import type { PracticeHost } from '../ports';

/** Runs the practice provider's server in this process, from the first time that it is needed. */
export function createPracticeHost(): PracticeHost {
  let server: Promise<{ url: string; close(): Promise<void> }> | null = null;
  const start = async () => {
    const { startPracticeServer } = await import('../practice');
    // Nobody here can ask for its journal.
    return startPracticeServer({ port: 0, keepJournal: false });
  };
  return {
    async url() {
      server ??= start().catch((error: unknown) => {
        // Tried again by whoever needs it next.
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
