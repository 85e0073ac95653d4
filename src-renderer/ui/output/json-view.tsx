import { Fragment } from 'react';
import { jsonText, type FormattedJson, type JsonLine } from './format-json';
import classes from './output.module.css';

/** More text than this is not coloured: an element per token would block the page. */
const COLOURED_CHARS = 60_000;

/** Formatted JSON, with each problem below its line. */
export function JsonView({ formatted }: { readonly formatted: FormattedJson }) {
  const { lines, problems } = formatted;
  const size = lines.reduce(
    (sum, { pieces }) => pieces.reduce((part, { text }) => part + text.length, sum),
    0,
  );
  if (size > COLOURED_CHARS && problems.size === 0)
    return <code className={classes.json}>{jsonText(formatted)}</code>;
  return (
    <code className={classes.json}>
      {chunks(formatted).map(({ from, to, isWrong }) => (
        <Fragment key={from}>
          {isWrong ? (
            <mark className={classes.wrong}>
              <Lines lines={lines.slice(from, to)} isColoured={size <= COLOURED_CHARS} />
            </mark>
          ) : (
            <Lines lines={lines.slice(from, to)} isColoured={size <= COLOURED_CHARS} />
          )}
          {problems.get(to - 1)?.map(({ pointer, message }) => (
            <span key={`${pointer} ${message}`} className={classes.problem}>
              {pointer} {message}
            </span>
          ))}
          {to < lines.length && !isWrong && '\n'}
        </Fragment>
      ))}
    </code>
  );
}

interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly isWrong: boolean;
}

/** Groups lines to render; a line with problems is its own group. */
function chunks({ lines, problems }: FormattedJson): Chunk[] {
  const found: Chunk[] = [];
  let from = 0;
  for (const line of [...problems.keys()].toSorted((a, b) => a - b)) {
    if (line > from) found.push({ from, to: line, isWrong: false });
    found.push({ from: line, to: line + 1, isWrong: true });
    from = line + 1;
  }
  if (from < lines.length) found.push({ from, to: lines.length, isWrong: false });
  return found;
}

function Lines({ lines, isColoured }: { readonly lines: readonly JsonLine[]; readonly isColoured: boolean }) {
  if (!isColoured) return jsonText({ lines });
  return lines.map(({ indent, pieces }, index) => (
    <Fragment key={index}>
      {index > 0 && '\n'}
      {' '.repeat(indent)}
      {pieces.map(({ kind, text }, place) =>
        kind === 'mark' ? (
          text
        ) : (
          <span key={place} data-kind={kind}>
            {text}
          </span>
        ),
      )}
    </Fragment>
  ));
}
