import { timestampOf } from '../../src-shared/domain';
import { existsSync, mkdirSync, openAsBlob, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Ids } from '../ports';
import { listCheckpoints, type LongReads, type Store, type StoredCheckpoint } from '../store';
import { exportHead, writeEntries } from './export';
import { logSpans } from './restored';

interface ExportedLog {
  /** Read from disk while it is sent: an export can be larger than memory. */
  readonly file: File;
  readonly size: number;
}

/** How long a finished export stays available; closing Prompter deletes it at the latest. */
const RETENTION_MS = 3_600_000;

/** Identifies this module's files. The folder may be the user's own, so nothing else in it is touched. */
const OWN_NAME = /^[0-9a-f-]{36}\.entries$/;

function clearFolder(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((each) => OWN_NAME.test(each)))
    rmSync(join(folder, name), { force: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Creates exports as temporary files in the data folder. */
export function createExports(deps: {
  store: Store;
  longReads: LongReads;
  clock: Clock;
  ids: Ids;
  home: string;
  origin: string;
  sign: (size: number) => Promise<StoredCheckpoint>;
}) {
  const folder = join(deps.home, 'exports');
  const clear = (): void => clearFolder(folder);
  // Left behind by a process that was killed.
  clear();

  return {
    async make(): Promise<ExportedLog> {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${deps.ids.uuid()}.entries`);
      const remove = (): void => rmSync(path, { force: true });
      try {
        const { size } = await deps.longReads(writeEntries, { path });
        // Signed for exactly the entries in the file, though the log may have grown meanwhile.
        const checkpoint = await deps.sign(size);
        const earlier = listCheckpoints(deps.store.read).filter((each) => each.size < size);
        const now = timestampOf(deps.clock.now());
        const spans = logSpans(deps.store.read, deps.origin, null);
        const head = exportHead(spans, now, [...earlier, checkpoint]);
        const file = new File([head, await openAsBlob(path)], `prompter-audit-${size}.jsonl`, {
          type: 'application/jsonl',
        });
        setTimeout(remove, RETENTION_MS).unref();
        return { file, size };
      } catch (error) {
        remove();
        throw error;
      }
    },
    clear,
  };
}
