import { toNfc } from './nfc';

/**
 * The canonical form of a model's text output (docs/canonical.md#text-output). Always well formed, so that its
 * UTF-8 bytes, and with them its hash, are the same everywhere.
 */
export function canonicalText(text: string): string {
  return trimEndWhiteSpace(normalizeTemplateText(text)).toWellFormed();
}

/** CRLF to LF and NFC, nothing else: in a template, trailing white space is content. */
export function normalizeTemplateText(text: string): string {
  return toNfc(text.replaceAll('\r\n', '\n'));
}

/** Drops Unicode `White_Space` at both ends. */
export function trimWhiteSpace(text: string): string {
  const end = trimEndWhiteSpace(text);
  let start = 0;
  while (isWhiteSpace(end.charCodeAt(start))) start++;
  return end.slice(start);
}

// Backwards by hand: `/\s+$/` starts over at every inner run of white space, which is quadratic.
function trimEndWhiteSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

/**
 * The Unicode property `White_Space`, all of it in the BMP. JavaScript's own notion (`trim`, `\s`) differs:
 * it takes U+FEFF for white space and U+0085 not.
 */
function isWhiteSpace(code: number): boolean {
  return (
    (code >= 0x09 && code <= 0x0d) ||
    code === 0x20 ||
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}
