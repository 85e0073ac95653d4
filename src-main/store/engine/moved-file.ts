import { statSync } from 'node:fs';
import { AppError } from '../../../src-shared/domain';

/**
 * Notices that the database's file is no longer where it was opened. SQLite goes on writing to a file that was deleted or
 * replaced, and with the last handle everything that was acknowledged meanwhile would be gone without a word.
 * @returns a check, which costs a look at the folder. @throws STORE_UNSAFE_LOCATION
 */
export function movedFileCheck(path: string): () => void {
  const opened = identityOf(path);
  return () => {
    const now = identityOf(path);
    if (now?.ino === opened?.ino && now?.dev === opened?.dev) return;
    throw new AppError(
      'STORE_UNSAFE_LOCATION',
      `${path} was deleted, moved or replaced while Prompter had it open. Nothing more is written, because it would be ` +
        'lost. Close Prompter, put the file back or restore a backup (prompter backup list), then start Prompter again.',
      { data: { path } },
    );
  };
}

function identityOf(path: string): { readonly ino: number; readonly dev: number } | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
