import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { JSON_VIEWS, preferences, TEXT_VIEWS } from '../../preferences';
import {
  formatJson,
  JsonView,
  MarkdownView,
  mayBeMarkdown,
  TextBlock,
  useFormat,
  type JsonProblem,
} from '../../ui';
import { mayBeJson, VIEW_NAMES } from './output-views';
import classes from './outputs.module.css';

/** Longer outputs are cut here until expanded. */
const SHOWN_CHARS = 40_000;
const WIDTH = 60;

interface OutputBlockProps {
  readonly text: string;
  readonly label: string;
  /** Schema violations. */
  readonly problems?: readonly JsonProblem[];
}

const NONE: readonly JsonProblem[] = [];

/** A whole output: formatted JSON with problems marked in place, rendered Markdown if chosen, or the text as sent. */
export function OutputBlock(props: OutputBlockProps) {
  return !mayBeJson(props.text) && mayBeMarkdown(props.text) ? (
    <MarkdownBlock {...props} />
  ) : (
    <JsonBlock {...props} />
  );
}

function MarkdownBlock({ text, label }: OutputBlockProps) {
  const textView = preferences((state) => state.textView);
  return (
    <div className={classes.block}>
      <SegmentedControl
        size="xs"
        className={classes.views}
        aria-label="Output view"
        data={TEXT_VIEWS.map((value) => ({ value, label: VIEW_NAMES[value] }))}
        value={textView}
        onChange={(chosen) => {
          const known = TEXT_VIEWS.find((view) => view === chosen);
          if (known) preferences.setState({ textView: known });
        }}
      />
      {textView === 'markdown' ? (
        <div className={classes.text} tabIndex={0} role="region" aria-label={label}>
          <MarkdownView text={text} />
        </div>
      ) : (
        <TextBlock text={text} label={label} />
      )}
    </div>
  );
}

function JsonBlock({ text, label, problems = NONE }: OutputBlockProps) {
  const jsonView = preferences((state) => state.jsonView);
  const [whole, setWhole] = useState(false);
  const format = useFormat();
  const formatted = useMemo(
    () =>
      mayBeJson(text)
        ? formatJson(text, { width: WIDTH, chars: whole ? Number.POSITIVE_INFINITY : SHOWN_CHARS }, problems)
        : null,
    [text, whole, problems],
  );
  const choose = (chosen: string): void => {
    const known = JSON_VIEWS.find((view) => view === chosen);
    if (known) preferences.setState({ jsonView: known });
  };
  return (
    <div className={classes.block}>
      {formatted && (
        <SegmentedControl
          size="xs"
          className={classes.views}
          aria-label="Output view"
          data={JSON_VIEWS.map((value) => ({ value, label: VIEW_NAMES[value] }))}
          value={jsonView}
          onChange={choose}
        />
      )}
      {formatted && jsonView === 'formatted' ? (
        <>
          <pre className={classes.text} tabIndex={0} role="region" aria-label={label}>
            <JsonView formatted={formatted} />
          </pre>
          {formatted.cut && (
            <Button size="xs" variant="subtle" onClick={() => setWhole(true)}>
              Show all {format.count(text.length)} characters
            </Button>
          )}
        </>
      ) : (
        <TextBlock text={text} label={label} mono={formatted !== null} />
      )}
    </div>
  );
}
