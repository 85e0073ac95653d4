/**
 * What an image or a file counts as input (src-main/practice/README.md#images-and-files): by each vendor's rule from the
 * image's size; for a file, so much a page.
 */
import { pdfPagesOf, pixelSizeOf, type MediaRule, type PixelSize } from '../../../src-shared/domain';

export interface Media {
  readonly media_type: string;
  readonly base64: string;
}

/** `data:image/png;base64,…` */
export function mediaOfDataUrl(url: string): Media | undefined {
  const found = /^data:([^;,]+)(?:;[^;,]+)*;base64,/.exec(url.slice(0, 300));
  return found === null ? undefined : { media_type: found[1] ?? '', base64: url.slice(found[0].length) };
}

export function mediaTokens(rule: MediaRule, media: readonly Media[]): number {
  return media.reduce((sum, one) => sum + tokensOf(rule, one), 0);
}

function tokensOf(rule: MediaRule, { media_type, base64 }: Media): number {
  const bytes = Buffer.from(base64, 'base64');
  return media_type.startsWith('image/')
    ? rule.image(pixelSizeOf(bytes) ?? UNREAD)
    : (pdfPagesOf(bytes) ?? 1) * rule.page;
}

/** For an image whose size cannot be read. */
const UNREAD: PixelSize = { width: 512, height: 512 };
