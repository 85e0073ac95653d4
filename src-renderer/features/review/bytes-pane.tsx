import { Button, SegmentedControl } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ByteMark } from '../../../src-shared/domain';
import { api, failureOf, orpc } from '../../rpc';
import { FailureView, useFormat, Waiting } from '../../ui';
import { hexLines, LINE_BYTES, textPieces, WINDOW_BYTES, windowAt, type ByteWindow } from './byte-window';
import classes from './review.module.css';

const LINE_HEIGHT = 20;

interface BytesPaneProps {
  readonly runId: string;
  readonly marks: readonly ByteMark[];
}

/** The provider's bytes as text or hex, a window at a time, with problems marked in place. */
export function BytesPane({ runId, marks }: BytesPaneProps) {
  const raw = useQuery({
    queryKey: [...orpc.runs.raw.key({ input: { run_id: runId } }), 'bytes'],
    queryFn: async () => new Uint8Array(await (await api.runs.raw({ run_id: runId })).arrayBuffer()),
    placeholderData: undefined,
    // Do not keep megabytes in the cache after leaving the run.
    gcTime: 0,
  });
  if (raw.isError)
    return (
      <FailureView
        title="The bytes could not be loaded"
        {...failureOf(raw.error)}
        onRetry={() => void raw.refetch()}
      />
    );
  if (!raw.data) return <Waiting lines={8} />;
  return <LoadedBytes bytes={raw.data} marks={marks} />;
}

function LoadedBytes({ bytes, marks }: { readonly bytes: Uint8Array; readonly marks: readonly ByteMark[] }) {
  const format = useFormat();
  const [view, setView] = useState('text');
  const [offset, setOffset] = useState(() => marks[0]?.offset ?? 0);
  const shown = windowAt(offset, bytes.length);
  const isWhole = bytes.length <= WINDOW_BYTES;
  return (
    <>
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label="Byte view"
          data={[
            { value: 'text', label: 'Text' },
            { value: 'hex', label: 'Hex' },
          ]}
          value={view}
          onChange={setView}
        />
        <span className={classes.muted}>
          {isWhole
            ? format.plural(bytes.length, 'byte', 'bytes')
            : `Bytes ${format.count(shown.from)} to ${format.count(shown.to)} of ${format.count(bytes.length)}`}
        </span>
        {!isWhole && (
          <span className={classes.pager}>
            <Button
              size="compact-xs"
              variant="default"
              disabled={shown.from === 0}
              onClick={() => setOffset(shown.from - 1)}
            >
              Previous
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              disabled={shown.to === bytes.length}
              onClick={() => setOffset(shown.to)}
            >
              Next
            </Button>
          </span>
        )}
      </div>
      {marks.length > 0 && (
        <ul className={classes.marks} aria-label="Marked bytes">
          {marks.map((mark) => (
            <li key={`${mark.kind} ${mark.offset}`}>
              <button type="button" className={classes.jump} onClick={() => setOffset(mark.offset)}>
                Byte {format.count(mark.offset)}
              </button>{' '}
              {mark.message}
            </li>
          ))}
        </ul>
      )}
      {view === 'text' ? (
        <TextView bytes={bytes} shown={shown} marks={marks} offset={offset} />
      ) : (
        <HexView key={shown.from} bytes={bytes} shown={shown} marks={marks} offset={offset} />
      )}
    </>
  );
}

interface ViewProps {
  readonly bytes: Uint8Array;
  readonly shown: ByteWindow;
  readonly marks: readonly ByteMark[];
  /** The offset to scroll to. */
  readonly offset: number;
}

/** Always plain text: markup, scripts and links stay inert. */
function TextView({ bytes, shown, marks, offset }: ViewProps) {
  const text = useRef<HTMLPreElement>(null);
  useEffect(() => {
    const pane = text.current;
    const mark = pane?.querySelector<HTMLElement>(`[data-offset="${offset}"]`);
    if (!pane || !mark) return;
    // Centred, since the text before it explains it.
    pane.scrollTop = mark.offsetTop - pane.clientHeight / 2;
    mark.scrollIntoView({ block: 'nearest' });
  }, [offset]);
  const pieces = useMemo(
    () => textPieces(bytes, shown, marks),
    // `shown` is a new object at each render.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [bytes, shown.from, shown.to, marks],
  );
  return (
    <pre ref={text} className={classes.text} tabIndex={0} role="region" aria-label="The answer as text">
      {pieces.map(({ text: piece, mark }, index) =>
        mark ? (
          <mark
            key={index}
            className={classes.mark}
            data-kind={mark.kind}
            data-offset={mark.offset}
            title={mark.message}
          >
            {piece === '' ? '⟨end⟩' : piece}
          </mark>
        ) : (
          piece
        ),
      )}
      {bytes.length === 0 && <span className={classes.muted}>The answer is empty.</span>}
    </pre>
  );
}

function HexView({ bytes, shown, marks, offset }: ViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(
    () => hexLines(bytes, shown, marks),
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [bytes, shown.from, shown.to, marks],
  );
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
    initialOffset: Math.max(0, Math.floor((offset - shown.from) / LINE_BYTES) - 3) * LINE_HEIGHT,
  });
  return (
    <div ref={scroller} className={classes.hex} tabIndex={0} role="region" aria-label="The answer as hex">
      <div className={classes.hexLines} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <div
              key={line.offset}
              className={classes.hexLine}
              data-marked={line.marks.length > 0 || undefined}
              title={line.marks.map(({ message }) => message).join(' ')}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <span className={classes.muted}>{line.offset.toString(16).padStart(6, '0')}</span>
              <span className={classes.hexBytes}>{line.hex}</span>
              <span>{line.text}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
