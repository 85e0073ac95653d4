import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { liquidLanguage } from '@codemirror/lang-liquid';
import { bracketMatching, LanguageSupport, syntaxHighlighting } from '@codemirror/language';
import { linter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import classes from './code-editor.module.css';

interface CodeEditorProps {
  readonly label: string;
  readonly language: 'liquid' | 'json';
  readonly value: string;
  readonly placeholder: string;
  /** Changes when `value` must replace the editor's text; typing never changes it. */
  readonly generation: number;
  /** Shows line numbers. */
  readonly numbered?: boolean;
  /** A place to mark. */
  readonly problem?: {
    readonly line: number | null;
    readonly column: number | null;
    readonly message: string;
  } | null;
  onChange(value: string): void;
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** CodeMirror without a wrapper package. Tab is unbound, so it moves focus as everywhere else. */
export function CodeEditor(props: CodeEditorProps) {
  const {
    label,
    language,
    value,
    placeholder: hint,
    generation,
    numbered = false,
    problem,
    onChange,
  } = props;
  const editor = useRef<EditorView>(undefined);
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ value, onChange });
  useEffect(() => {
    latest.current = { value, onChange };
  });

  useEffect(() => {
    if (!host.current) return;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          nonce ? EditorView.cspNonce.of(nonce) : [],
          languageOf(language),
          syntaxHighlighting(classHighlighter),
          history(),
          numbered ? lineNumbers() : [],
          drawSelection(),
          highlightSpecialChars(),
          bracketMatching(),
          search({ top: true }),
          highlightSelectionMatches(),
          EditorView.lineWrapping,
          placeholder(hint),
          replaceByState,
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.focusChangeEffect.of((_state, focusing) => {
            if (focusing && editor.current && language === 'liquid') lastText = new WeakRef(editor.current);
            return null;
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => view.destroy();
  }, [label, language, hint, generation, numbered]);

  useEffect(() => {
    const view = editor.current;
    if (view && language === 'liquid')
      view.dispatch(setDiagnostics(view.state, diagnosticsOf(view, problem)));
  }, [language, generation, problem]);

  return <div ref={host} className={classes.editor} />;
}

/** The prompt text that has or last had focus. */
let lastText: WeakRef<EditorView> | undefined;

/** Inserts into the prompt text that last had focus, and returns there; false where there is none on screen. */
export function insertAtCursor(text: string): boolean {
  const view = lastText?.deref();
  if (!view?.dom.isConnected) return false;
  view.dispatch(view.state.replaceSelection(text), { userEvent: 'input.paste', scrollIntoView: true });
  view.focus();
  return true;
}

/**
 * Text typed over a selection is inserted through the editor state. Otherwise Chromium copies the replaced text's
 * colours into an inline style, which the content security policy blocks.
 */
const replaceByState = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== 'insertText' || event.data === null || view.state.selection.main.empty)
      return false;
    if (view.composing) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

/** The text may have changed since the check; a position that no longer exists is not marked. */
function diagnosticsOf({ state }: EditorView, problem: CodeEditorProps['problem']): Diagnostic[] {
  if (!problem || problem.line === null || problem.line > state.doc.lines) return [];
  const line = state.doc.line(problem.line);
  const from = Math.min(line.to, line.from + (problem.column ?? 1) - 1);
  return [{ from, to: line.to, severity: 'error', message: problem.message }];
}

function languageOf(language: CodeEditorProps['language']): Extension {
  if (language === 'liquid') return new LanguageSupport(liquidLanguage);
  const parse = jsonParseLinter();
  // An empty editor means "none", which is not an error.
  return [
    json(),
    linter((view) => (view.state.doc.toString().trim() === '' ? [] : parse(view)), { delay: 200 }),
  ];
}
