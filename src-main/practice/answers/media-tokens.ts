/**
 * What an image or a file counts as input (src-main/practice/README.md#images-and-files): by each vendor's rule from the
 * image's size; for a file, so much a page.
 */

export interface Media {
  readonly media_type: string;
  readonly base64: string;
}

/** `data:image/png;base64,…` */
export function mediaOfDataUrl(url: string): Media | undefined {
  const found = /^data:([^;,]+)(?:;[^;,]+)*;base64,/.exec(url.slice(0, 300));
  return found === null ? undefined : { media_type: found[1] ?? '', base64: url.slice(found[0].length) };
}

/** What a vendor counts. */
export interface MediaRule {
  readonly image: (size: Size) => number;
  /** A page of a file. */
  readonly page: number;
}

export function mediaTokens(rule: MediaRule, media: readonly Media[]): number {
  return media.reduce((sum, one) => sum + tokensOf(rule, one), 0);
}

function tokensOf(rule: MediaRule, { media_type, base64 }: Media): number {
  const bytes = Buffer.from(base64, 'base64');
  return media_type.startsWith('image/') ? rule.image(sizeOf(bytes) ?? UNREAD) : pagesOf(bytes) * rule.page;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** For an image whose size cannot be read. */
const UNREAD: Size = { width: 512, height: 512 };

/** Scaled down until that side is `most` at most. */
export function fitted({ width, height }: Size, most: number, side: 'longer' | 'shorter'): Size {
  const now = side === 'longer' ? Math.max(width, height) : Math.min(width, height);
  const scale = Math.min(1, most / now);
  return { width: width * scale, height: height * scale };
}

/** A PDF's pages; anything else counts as one. */
function pagesOf(bytes: Buffer): number {
  const pages = bytes.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g);
  return Math.max(1, pages?.length ?? 0);
}

/** Width and height from the head of a PNG, GIF or JPEG; undefined for others. */
function sizeOf(bytes: Buffer): Size | undefined {
  const size = pngSize(bytes) ?? gifSize(bytes) ?? jpegSize(bytes);
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

function pngSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 24 || bytes.toString('latin1', 1, 4) !== 'PNG') return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function gifSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 10 || bytes.toString('latin1', 0, 3) !== 'GIF') return undefined;
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** Walks the segments to the frame header (ITU T.81, B.2.2). */
function jpegSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
