import { inert } from './terminal';

/** Characters that terminals draw two columns wide: East Asian scripts, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const PLAIN = /^[\x20-\x7e]*$/;
const segmenter = new Intl.Segmenter();

/** How many columns of a terminal a line takes. */
export function widthOf(line: string): number {
  if (PLAIN.test(line)) return line.length;
  let width = 0;
  for (const { segment } of segmenter.segment(line)) width += columnsOf(segment);
  return width;
}

function columnsOf(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}

/** Text from a model or a user on one line, harmless for a terminal, and at most `width` columns wide. */
export function clipped(text: string, width: number, keep: 'start' | 'end' = 'start'): string {
  const line = oneLine(text.length > LONG ? partOf(text, keep) : text);
  if (widthOf(line) <= width) return line;
  const characters = [...segmenter.segment(line)].map(({ segment }) => segment);
  if (keep === 'end') characters.reverse();
  const kept: string[] = [];
  let used = 1;
  for (const character of characters) {
    used += columnsOf(character);
    if (used > width) break;
    kept.push(character);
  }
  return keep === 'end' ? `…${kept.toReversed().join('')}` : `${kept.join('')}…`;
}

/** No line of a terminal holds more characters; finding where those of a megabyte end takes a second. */
const LONG = 10_000;

function partOf(text: string, keep: 'start' | 'end'): string {
  return keep === 'end' ? text.slice(-LONG) : text.slice(0, LONG);
}

/** Like `inert`, with every run of white space as one space. */
export function oneLine(text: string): string {
  return inert(text).replace(/\s+/g, ' ').trim();
}

/** A stored time without its milliseconds. */
export function toTheSecond(timestamp: string): string {
  return timestamp.replace(/\.\d+Z$/, 'Z');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
