import { hash } from 'node:crypto';

/** SHA-256 over UTF-8, in lower-case hex: what `sha256Hex` of the canonical forms says, without waiting. */
export function sha256HexSync(text: string): string {
  return hash('sha256', text);
}
