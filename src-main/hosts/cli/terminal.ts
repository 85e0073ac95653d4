/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  /** Writes a result. */
  out(text: string | Uint8Array): void;
  /** Writes progress, hints and errors. */
  err(text: string): void;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  /** How wide results may be: the terminal's width, or what a reader of a file or a log can do with. */
  readonly columns: number;
}

const COLUMNS_OF_A_FILE = 120;

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  outIsTty: process.stdout.isTTY,
  errIsTty: process.stderr.isTTY,
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : COLUMNS_OF_A_FILE;
  },
};

/** Control characters but line feed and tab, and the bidirectional overrides: they can rewrite what a terminal shows. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from a model or a user, made harmless for a terminal: control characters become visible. */
export function inert(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\r') return '';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A JSON document on a line. JSON.stringify leaves some of what a terminal obeys; its escape is the same JSON. */
export function jsonLine(value: unknown): string {
  return `${inert(JSON.stringify(value))}\n`;
}
