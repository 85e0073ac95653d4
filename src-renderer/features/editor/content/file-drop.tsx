import { useRef, useState, type ClipboardEvent, type DragEvent, type ReactNode } from 'react';
import { useCommands } from '../../../commands';
import { useEditorStore } from '../draft-store';
import { attachFiles, pastedFiles } from './attach-files';
import { openPartials } from './partials-dialog';
import classes from './content.module.css';

/** Takes files that are pasted into or dropped on a message; elsewhere they go to the last user's message. */
export function FileDrop({ children }: { readonly children: ReactNode }) {
  const store = useEditorStore();
  const [over, setOver] = useState<string | null>(null);
  const take = (target: EventTarget, files: readonly File[]): void => {
    const part = placeOf(target, '[data-part]', 'data-part');
    void attachFiles(store, files, {
      block: placeOf(target, '[data-block]', 'data-block'),
      after: part === undefined ? undefined : Number(part),
    });
  };
  const input = useRef<HTMLInputElement>(null);
  const focused = useRef<{ readonly block?: string | undefined }>({});
  useCommands({
    'message.attach': () => {
      const element = document.activeElement ?? document.body;
      focused.current = { block: placeOf(element, '[data-block]', 'data-block') };
      input.current?.click();
    },
    'message.partial': openPartials,
  });
  // Capturing: the text's own editor would insert the text of a file.
  const onPaste = (event: ClipboardEvent): void => {
    const files = pastedFiles(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    take(event.target, files);
  };
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(placeOf(event.target, '[data-block]', 'data-block') ?? 'last');
  };
  const onDrop = (event: DragEvent): void => {
    setOver(null);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    take(event.target, [...event.dataTransfer.files]);
  };
  return (
    <div
      className={classes.drop}
      data-over={over ?? undefined}
      onPasteCapture={onPaste}
      onDragOverCapture={onDragOver}
      onDragLeave={() => setOver(null)}
      onDropCapture={onDrop}
    >
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={({ currentTarget }) => {
          void attachFiles(store, [...(currentTarget.files ?? [])], focused.current);
          currentTarget.value = '';
        }}
      />
      {over !== null && <p className={classes.dropHint}>Drop to attach</p>}
      {children}
    </div>
  );
}

function placeOf(target: EventTarget, selector: string, attribute: string): string | undefined {
  const element = target instanceof Element ? target.closest(selector) : null;
  return element?.getAttribute(attribute) ?? undefined;
}
