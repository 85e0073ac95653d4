/** What the bytes of an image or a PDF say about it, without decoding them. */

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Width and height from the head of a PNG, GIF, JPEG or WebP; null where they cannot be read. */
export function pixelSizeOf(bytes: Uint8Array): PixelSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = pngSize(view) ?? gifSize(view) ?? webpSize(view) ?? jpegSize(view);
  return size !== null && size.width > 0 && size.height > 0 ? size : null;
}

/** A PDF's pages; null where they are not written in the open, as in one with compressed object streams. */
export function pdfPagesOf(bytes: Uint8Array): number | null {
  let pages = 0;
  for (let at = find(bytes, '/Type', 0); at >= 0; at = find(bytes, '/Type', at + 5)) {
    let value = at + 5;
    while (isSpace(bytes[value])) value += 1;
    // `/Pages` is the tree of them, and no name goes on after `/Page`.
    if (startsWith(bytes, '/Page', value) && !isNameByte(bytes[value + 5])) pages += 1;
  }
  return pages === 0 ? null : pages;
}

function ascii(view: DataView, text: string, at: number): boolean {
  if (view.byteLength < at + text.length) return false;
  return startsWith(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), text, at);
}

function pngSize(view: DataView): PixelSize | null {
  if (!ascii(view, 'PNG', 1) || view.byteLength < 24) return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function gifSize(view: DataView): PixelSize | null {
  if (!ascii(view, 'GIF', 0) || view.byteLength < 10) return null;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** Its three kinds: lossy, lossless and extended (RFC 9649). */
function webpSize(view: DataView): PixelSize | null {
  if (!ascii(view, 'RIFF', 0) || !ascii(view, 'WEBP', 8) || view.byteLength < 30) return null;
  if (ascii(view, 'VP8 ', 12)) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (ascii(view, 'VP8L', 12)) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!ascii(view, 'VP8X', 12)) return null;
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  return { width: uint24(24) + 1, height: uint24(27) + 1 };
}

/** Walks the segments to the frame header (ITU T.81, B.2.2). */
function jpegSize(view: DataView): PixelSize | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function find(bytes: Uint8Array, text: string, from: number): number {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (startsWith(bytes, text, at)) return at;
  }
  return -1;
}

function startsWith(bytes: Uint8Array, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z0-9_]/.test(String.fromCharCode(byte));
}
