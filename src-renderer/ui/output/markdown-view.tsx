import { Fragment, useMemo, type ReactNode } from 'react';
import { readMarkdown, type MarkdownPart } from './markdown';
import classes from './output.module.css';

/** Renders headings, lists, tables and emphasis; all content stays text. */
export function MarkdownView({ text }: { readonly text: string }) {
  const parts = useMemo(() => readMarkdown(text), [text]);
  return <div className={classes.markdown}>{drawn(parts)}</div>;
}

function drawn(parts: readonly MarkdownPart[]): ReactNode {
  // Index keys are safe: parts never move, they are rebuilt with the text.
  // oxlint-disable-next-line react/no-array-index-key
  return parts.map((part, index) => <Fragment key={index}>{draw(part)}</Fragment>);
}

function draw(part: MarkdownPart): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code>{part.text}</code>;
    case 'fence':
      return <pre>{part.text}</pre>;
    case 'paragraph':
      return <p dir="auto">{drawn(part.parts)}</p>;
    case 'run':
      return drawn(part.parts);
    // Not real headings, which would enter the page's outline.
    case 'heading':
      return (
        <p className={classes.heading} dir="auto" data-depth={part.depth}>
          {drawn(part.parts)}
        </p>
      );
    case 'quote':
      return <blockquote>{drawn(part.parts)}</blockquote>;
    case 'strong':
      return <strong>{drawn(part.parts)}</strong>;
    case 'em':
      return <em>{drawn(part.parts)}</em>;
    case 'del':
      return <del>{drawn(part.parts)}</del>;
    case 'list':
      return <List {...part} />;
    case 'table':
      return <Table {...part} />;
    case 'rule':
      return <hr />;
    case 'break':
      return <br />;
  }
}

function List({ start, items }: Extract<MarkdownPart, { kind: 'list' }>) {
  // oxlint-disable-next-line react/no-array-index-key
  const lines = items.map((item, index) => <li key={index}>{drawn(item)}</li>);
  return start === null ? <ul>{lines}</ul> : <ol start={start}>{lines}</ol>;
}

function Table({ rows: [header = [], ...rows] }: Extract<MarkdownPart, { kind: 'table' }>) {
  return (
    <table>
      <thead>
        <tr>
          {header.map((cell, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <th key={index} scope="col">
              {drawn(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, line) => (
          // oxlint-disable-next-line react/no-array-index-key
          <tr key={line}>
            {row.map((cell, index) => (
              // oxlint-disable-next-line react/no-array-index-key
              <td key={index}>{drawn(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
