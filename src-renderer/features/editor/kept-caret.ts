import { EditorView } from '@codemirror/view';
import { useEffect } from 'react';

/** A place in a text, by the name of its field. */
interface Caret {
  readonly field: string;
  readonly anchor: number;
  readonly head: number;
}

let kept: { readonly docId: string; readonly caret: Caret } | undefined;

/** Whoever goes on writing while a document becomes another one goes on there, instead of pressing the page's keys. */
export function keepCaret(docId: string): void {
  const element = document.activeElement;
  const field = element && nameOf(element);
  kept = field ? { docId, caret: { field, ...selectionIn(element) } } : undefined;
}

/** Puts the caret back once the fields of this document are there. */
export function useKeptCaret(docId: string): void {
  useEffect(() => {
    if (kept?.docId !== docId) return;
    const { caret } = kept;
    kept = undefined;
    const fields = [...document.querySelectorAll<HTMLElement>('main :is(.cm-content, input, textarea)')];
    const field = fields.find((each) => each.offsetParent !== null && nameOf(each) === caret.field);
    if (field) place(field, caret);
  }, [docId]);
}

function nameOf(element: Element): string | null {
  const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  if (!isField && !element.matches('.cm-content')) return null;
  return element.getAttribute('aria-label') ?? (isField ? (element.labels?.[0]?.textContent ?? null) : null);
}

function selectionIn(element: Element): Pick<Caret, 'anchor' | 'head'> {
  const view = element instanceof HTMLElement ? EditorView.findFromDOM(element) : null;
  if (view) {
    const { anchor, head } = view.state.selection.main;
    return { anchor, head };
  }
  const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  return { anchor: (isField && element.selectionStart) || 0, head: (isField && element.selectionEnd) || 0 };
}

function place(element: HTMLElement, { anchor, head }: Caret): void {
  const view = EditorView.findFromDOM(element);
  if (view) {
    const end = view.state.doc.length;
    view.dispatch({
      selection: { anchor: Math.min(anchor, end), head: Math.min(head, end) },
      scrollIntoView: true,
    });
    view.focus();
    return;
  }
  element.focus();
  if (
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement && element.type === 'text')
  )
    element.setSelectionRange(anchor, head);
}
