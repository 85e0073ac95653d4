import { toNfc } from './nfc';

/**
 * The longest ambient location signal; a longer one fails the run closed (docs/canonical.md#ambient-location-signal).
 */
export const ALS_MAX_CODE_POINTS = 350;

/** Unicode code points after NFC: neither UTF-16 units nor graphemes. */
export function alsLength(text: string): number {
  const normalized = toNfc(text);
  let length = 0;
  for (let index = 0; index < normalized.length; index++) {
    if ((normalized.codePointAt(index) ?? 0) > 0xffff) index++;
    length++;
  }
  return length;
}

/**
 * Which of `count` variants a template shows: the first 8 bytes, big endian, modulo `count`.
 * `digest` is HMAC-SHA256(secret of the seed key, als template id), computed by the caller.
 */
export function alsVariantIndex(digest: Uint8Array, count: number): number {
  if (digest.length < 8) throw new RangeError('An ALS digest has at least 8 bytes');
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError('There is at least one ALS variant');
  const head = new DataView(digest.buffer, digest.byteOffset, 8).getBigUint64(0);
  return Number(head % BigInt(count));
}
