import { Token } from 'liquidjs';

let read = { input: '', lineStarts: [0] };

/** Where each line of a text begins; kept for the text that was asked about last. */
function lineStartsOf(input: string): readonly number[] {
  if (read.input === input) return read.lineStarts;
  const lineStarts = [0];
  for (let at = input.indexOf('\n'); at >= 0; at = input.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  read = { input, lineStarts };
  return lineStarts;
}

/**
 * The engine counts lines from the beginning of the text for each variable that it finds (liquidjs, `tokens/token.ts`,
 * `getPosition`): seconds for a template with 10,000 of them, in which nothing else can be done. This gives the same
 * answer from the starts of the lines. The engine makes its tokens itself and accepts no class for them, so its own
 * class is changed, once and for good.
 */
export function countLinesOnce(): void {
  Token.prototype.getPosition = function (this: Token) {
    const starts = lineStartsOf(this.input);
    let [from, to] = [0, starts.length];
    while (to - from > 1) {
      const middle = (from + to) >>> 1;
      if ((starts[middle] ?? 0) <= this.begin) from = middle;
      else to = middle;
    }
    return [from + 1, this.begin - (starts[from] ?? 0) + 1];
  };
}
