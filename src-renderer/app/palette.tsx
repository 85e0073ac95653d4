import { Modal } from '@mantine/core';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { KeyCaps } from '../ui';
import { keyCaps, showNotice } from '../commands';
import { closeDialog, dialogs } from './dialogs';
import { usePaletteEntries, type PaletteEntry } from './palette-entries';
import classes from './palette.module.css';

/** Search and commands in one box: an editable combobox with a list (Mantine's own palette has no such roles). */
export function Palette() {
  const open = dialogs((state) => state.open === 'palette');
  const prefix = dialogs((state) => state.prefix);
  return (
    <Modal.Root
      opened={open}
      onClose={closeDialog}
      size={640}
      yOffset="12vh"
      // No transition: a letter typed right after the shortcut must reach the field.
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay opacity={0.35} />
      <Modal.Content aria-label="Search and commands" className={classes.content}>
        {open && <PaletteBox key={prefix} initial={prefix} />}
      </Modal.Content>
    </Modal.Root>
  );
}

function PaletteBox({ initial }: { readonly initial: string }) {
  const [query, setQuery] = useState(initial);
  // By key, not index: commands move when the screen behind the palette finishes loading.
  const [active, setActive] = useState<string | null>(null);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  // Enter pressed before results arrive picks the first one.
  const [awaited, setAwaited] = useState(false);
  const { entries, searching } = usePaletteEntries(query);
  const current = Math.max(
    0,
    entries.findIndex((entry) => entry.key === active),
  );

  // A layout effect, so that keys typed right after the shortcut arrive here, and keys after Escape go back where
  // focus was.
  useLayoutEffect(() => {
    const before = document.activeElement;
    input.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current, entries]);

  const choose = (entry: PaletteEntry | undefined): void => {
    if (!entry) return;
    closeDialog();
    if (entry.disabled !== null) showNotice(`${entry.title}: ${entry.disabled}`);
    // After the dialog has returned focus, so that the command may move it.
    else requestAnimationFrame(() => requestAnimationFrame(entry.run));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      const next = current + step;
      const wraps = Math.abs(step) === 1;
      const end = entries.length - 1;
      const place = wraps ? (next + entries.length) % entries.length : Math.min(end, Math.max(0, next));
      setActive(entries[place]?.key ?? null);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const entry = entries[current];
      if (searching && active === null && (entry === undefined || entry.disabled !== null)) setAwaited(true);
      else choose(entry);
    }
  };
  const first = entries[0];
  const arrived = awaited && first !== undefined && (first.disabled === null || !searching);
  useEffect(() => {
    if (arrived) choose(first);
    // Only once, on arrival: the first entry changes with every answer.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [arrived]);

  return (
    <>
      <input
        ref={input}
        className={classes.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={entries.length > 0 ? `${listId}-${current}` : undefined}
        aria-autocomplete="list"
        aria-label="Search templates, runs and commands"
        placeholder="Search, or > commands   @ templates   # runs   ? shortcuts"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(null);
          setAwaited(false);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={listId} role="listbox" aria-label="Results" className={classes.list}>
        {entries.map((entry, index) => (
          <div
            key={entry.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === current}
            aria-disabled={entry.disabled !== null}
            className={classes.option}
            onMouseMove={() => setActive(entry.key)}
            onClick={() => choose(entry)}
          >
            <span className={classes.kind}>{entry.kind}</span>
            <span className={classes.title}>{entry.title}</span>
            <span className={classes.hint}>{entry.disabled ?? entry.hint}</span>
            {entry.keys && <KeyCaps caps={keyCaps(entry.keys)} />}
          </div>
        ))}
      </div>
      {entries.length === 0 && (
        <p className={classes.nothing} role="status">
          {searching ? 'Searching…' : `Nothing found for “${query.trim()}”.`}
        </p>
      )}
    </>
  );
}
