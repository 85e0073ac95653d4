/** No script needs such runs (Unicode's stream-safe limit is 30); below this the built-in is fast enough. */
const LONG_RUN = 256;

/** The mark of the highest combining class, 240: every other mark that can be moved is sorted before it. */
const LAST_MARK = '\u0345';

/**
 * Unicode NFC, in about linear time for any text. The built-in (ICU) sorts a run of combining marks by
 * insertion: 300,000 of them in the wrong order, which a hostile answer can hold, take half a minute.
 * Marks already in order cost it nothing extra, so long runs are put in order first.
 */
export function toNfc(text: string): string {
  const runs = longRuns(text);
  if (runs.length === 0) return text.normalize('NFC');
  const ranks = rankMarks(new Set(runs.flatMap((run) => run.marks)));
  let ordered = '';
  let done = 0;
  for (const { start, end, marks } of runs) {
    ordered += text.slice(done, start) + orderMarks(marks, ranks);
    done = end;
  }
  return (ordered + text.slice(done)).normalize('NFC');
}

/** A stretch of a text that is all marks, and these marks decomposed. */
interface MarkRun {
  readonly start: number;
  readonly end: number;
  readonly marks: readonly string[];
}

function longRuns(text: string): MarkRun[] {
  const runs: MarkRun[] = [];
  let done = 0;
  // A run that long covers a multiple of half its length: looking only there finds every one.
  for (let index = LONG_RUN / 2; index < text.length; index += LONG_RUN / 2) {
    if (index < done || !isMarkAt(text, characterStart(text, index))) continue;
    const start = runStart(text, index);
    const end = runEnd(text, start);
    done = end;
    if (end - start < LONG_RUN) continue;
    const marks = Array.from(text.slice(start, end)).flatMap((mark) => Array.from(mark.normalize('NFD')));
    runs.push({ start, end, marks });
  }
  return runs;
}

/** The canonical ordering (Unicode Standard, D109): stable by class, and nothing passes a mark of class 0. */
function orderMarks(marks: readonly string[], ranks: ReadonlyMap<string, number>): string {
  let ordered = '';
  let movable: string[] = [];
  const flush = () => {
    ordered += movable.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0)).join('');
    movable = [];
  };
  for (const mark of marks) {
    if (ranks.has(mark)) {
      movable.push(mark);
    } else {
      flush();
      ordered += mark;
    }
  }
  flush();
  return ordered;
}

/**
 * Ranks marks by their combining class. JavaScript does not tell the class, but it tells of any two marks
 * whether it would swap them. Marks of class 0 move for nobody and get no rank.
 */
function rankMarks(marks: ReadonlySet<string>): Map<string, number> {
  const ranks = new Map<string, number>();
  let rank = 0;
  let previous: string | undefined;
  const movable = [...marks].filter((mark) => mark === LAST_MARK || isSwapped(LAST_MARK, mark));
  for (const mark of movable.toSorted((a, b) => Number(isSwapped(a, b)) - Number(isSwapped(b, a)))) {
    if (previous !== undefined && isSwapped(mark, previous)) rank++;
    ranks.set(mark, rank);
    previous = mark;
  }
  return ranks;
}

function isSwapped(first: string, second: string): boolean {
  return (first + second).normalize('NFD') !== first + second;
}

function runStart(text: string, index: number): number {
  let start = characterStart(text, index);
  while (start > 0) {
    const before = characterStart(text, start - 1);
    if (!isMarkAt(text, before)) break;
    start = before;
  }
  return start;
}

function runEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isMarkAt(text, end)) end += isAstralAt(text, end) ? 2 : 1;
  return end;
}

/** Every character of a combining class other than 0 is a mark, by Unicode's stability policy. */
function isMarkAt(text: string, index: number): boolean {
  // Marks begin at U+0300: most text is answered without the regular expression.
  return text.charCodeAt(index) >= 0x300 && /\p{M}/u.test(String.fromCodePoint(text.codePointAt(index) ?? 0));
}

function isAstralAt(text: string, index: number): boolean {
  return (text.codePointAt(index) ?? 0) > 0xffff;
}

/** `index`, or the one before when it points into the middle of a surrogate pair. */
function characterStart(text: string, index: number): number {
  return index > 0 && isAstralAt(text, index - 1) ? index - 1 : index;
}
