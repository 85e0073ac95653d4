import { createContext, use, useEffect, useState } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { NamedTemplate, Protocol } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import {
  draftName,
  readDraft,
  readFixtures,
  readKept,
  removeDraft,
  saveWhenIdle,
  writeDraft,
  writeFixtures,
  writeKept,
  type FoundDraft,
} from '../../drafts';
import type { TextProblem } from './text-problem';
import { draftOf, draftSchema, EMPTY_DRAFT, sameDraft, type Draft, type DraftField } from './draft';
import { fieldOfPath, tabOfField } from './refusals/fields';
import { discard, draftBefore, placeStored, takeBack, undoable, type Keeping } from './kept-drafts';
import { problemSentence } from './refusals/problem-sentence';
import type { EditorTab } from './tabs';

/** The result of the live duplicate check. */
export type Duplicate =
  | { readonly kind: 'unchecked'; readonly reason: string }
  | { readonly kind: 'checking' }
  | { readonly kind: 'frozen'; readonly sha256: string }
  | { readonly kind: 'unique'; readonly sha256: string }
  | { readonly kind: 'near'; readonly sha256: string; readonly matches: number; readonly closest: number }
  | { readonly kind: 'exact'; readonly templateId: string; readonly name: string };

export interface EditorState extends Keeping {
  readonly docId: string;
  /** The frozen template that the draft starts from; null for a new one. */
  readonly base: NamedTemplate | null;
  /** The stored draft that this editor opened with. */
  readonly found: FoundDraft | null;
  readonly dirty: boolean;
  /** Hash of the configuration as last checked; null while the draft cannot be read. */
  readonly configSha256: string | null;
  /** Hash of what is rendered with the values given; null while one is missing. */
  readonly renderedSha256: string | null;
  readonly fixtures: Readonly<Record<string, string>>;
  /** Texts of the workspace's partials by name, once a text uses one. */
  readonly partials: ReadonlyMap<string, string>;
  /** Partials that have a newer text than `base` was frozen with: a new version takes that. */
  readonly newerPartials: readonly string[];
  readonly duplicate: Duplicate;
  /** The draft that `duplicate` is about: while one types, an earlier one. */
  readonly checkedDraft: Draft | null;
  /** Errors of the last refused freeze, by field. */
  readonly fieldErrors: Readonly<Record<string, string>>;
  /** A run was refused for want of values: their fields say so. */
  readonly valuesAsked: boolean;
  /** Counts refusals that fields explain: the first of those fields takes focus. */
  readonly refusals: number;
  /** The template's variables, in order of first use. */
  readonly variables: readonly string[];
  /** The draft that `variables` is about: while one types, an earlier one. */
  readonly variablesOf: Draft | null;
  /** Variables that have a default wherever they are used; known once the preview has loaded. */
  readonly optionalVariables: readonly string[];
  /** Where a prompt has a syntax error. */
  readonly textProblem: TextProblem | null;
  readonly tab: EditorTab;
  /** Increases when the editors must reload the draft's text: after a discard and after its undo. */
  readonly generation: number;
  /** Its prompt is set inactive, so nothing of it runs. */
  readonly isInactive: boolean;
  /** What the draft's provider speaks; null while neither it nor the model tells. */
  readonly protocol: Protocol | null;
  /** The message block that takes focus next. */
  readonly focusedBlock: { readonly key: string } | null;
}

export type EditorStore = StoreApi<EditorState>;

/** The last frozen template and its open tab, so that it opens on the tab its draft was left on. */
let frozen: { readonly docId: string; readonly tab: EditorTab } | undefined;

function createEditorStore(docId: string, base: NamedTemplate | null): EditorStore {
  const pristine = base ? draftOf(base) : EMPTY_DRAFT;
  const found = readDraft(docId);
  const stored = draftSchema.safeParse(found?.content);
  const draft = stored.success ? renamed(stored.data, found, base) : pristine;
  const store = createStore<EditorState>()(() => ({
    docId,
    base,
    found,
    pristine,
    draft,
    dirty: !sameDraft(draft, pristine),
    kept: readKept(docId).flatMap((content) => {
      const kept = draftSchema.safeParse(content);
      return kept.success ? [{ draft: kept.data, isDiscarded: false }] : [];
    }),
    placed: null,
    configSha256: base?.config_sha256 ?? null,
    renderedSha256: null,
    fixtures: readFixtures(docId),
    partials: new Map(),
    newerPartials: [],
    duplicate: { kind: 'checking' },
    checkedDraft: null,
    fieldErrors: {},
    valuesAsked: false,
    refusals: 0,
    variables: base?.variables ?? [],
    variablesOf: null,
    optionalVariables: [],
    textProblem: null,
    tab: frozen?.docId === docId ? frozen.tab : 'preview',
    generation: 0,
    isInactive: false,
    protocol: null,
    focusedBlock: null,
  }));
  keptInStorage.set(store, store.getState().kept);
  return store;
}

function renamed(draft: Draft, found: FoundDraft | null, base: NamedTemplate | null): Draft {
  return base === null
    ? draft
    : { ...draft, name: draftName({ name: draft.name, promptName: found?.promptName ?? null }, base) };
}

/** The prompt has another name now: the draft takes it, unless somebody gave the draft one of its own. */
function followName(store: EditorStore, base: NamedTemplate): void {
  store.setState((state) => {
    if (state.base === null || state.base.prompt_name === base.prompt_name) return state;
    const pristine = draftOf(base);
    const followed = (draft: Draft): Draft =>
      draft.name === state.pristine.name ? { ...draft, name: pristine.name } : draft;
    const draft = followed(state.draft);
    return {
      base,
      pristine,
      draft,
      dirty: !sameDraft(draft, pristine),
      kept: state.kept.map((each) => ({ ...each, draft: followed(each.draft) })),
      placed: state.placed?.draft === state.draft ? { ...state.placed, draft } : state.placed,
    };
  });
}

function save(store: EditorStore): void {
  const { docId, base, draft, dirty, fixtures, found, kept } = store.getState();
  withSpace(() => {
    if (dirty) writeDraft(docId, { name: draft.name, promptName: base?.prompt_name ?? null }, draft);
    else removeDraft(docId, found);
    writeFixtures(docId, fixtures);
    // Last, as the draft needs the space more; and only what this tab has changed, since tabs share the list.
    if (keptInStorage.get(store) !== kept) writeKept(docId, replacedDrafts(kept));
    keptInStorage.set(store, kept);
  });
}

/** Writes to the browser's storage; where that has no space left, says so and returns false. */
export function withSpace(write: () => void): boolean {
  try {
    write();
    return true;
  } catch {
    showNotice('This browser has no space left for the draft. Freeze it, or copy it elsewhere.');
    return false;
  }
}

/** The list as this tab has read or written it last. */
const keptInStorage = new WeakMap<EditorStore, EditorState['kept']>();

/** Those that must outlive their editor: what was discarded on purpose does not. */
function replacedDrafts(kept: EditorState['kept']): Draft[] {
  return kept.flatMap(({ draft, isDiscarded }) => (isDiscarded ? [] : [draft]));
}

function follow(store: EditorStore, onChange: () => void): () => void {
  return store.subscribe((state, previous) => {
    if (state.draft !== previous.draft || state.fixtures !== previous.fixtures) onChange();
  });
}

/** Sets a field of the draft, and clears the errors of the last refusal there. */
export function setField<Field extends DraftField>(
  store: EditorStore,
  field: Field,
  value: Draft[Field],
): void {
  store.setState((state) => {
    const draft = { ...state.draft, [field]: value };
    return {
      draft,
      fieldErrors: withoutField(state.fieldErrors, field),
      dirty: !sameDraft(draft, state.pristine),
    };
  });
}

function withoutField(errors: EditorState['fieldErrors'], field: DraftField): EditorState['fieldErrors'] {
  return Object.fromEntries(Object.entries(errors).filter(([path]) => path.split('.')[0] !== field));
}

/** Remembers the first trial of a new template. */
export function setFirstTrial(store: EditorStore, templateId: string): void {
  store.setState(({ draft }) => ({ draft: { ...draft, first_trial: templateId } }));
}

/** Makes the text of a trial or version the draft's; the name and what belongs to the prompt stay. */
export function restoreText(store: EditorStore, template: NamedTemplate): void {
  store.setState((state) => {
    const { name, description, message, version_label, workspace_id, first_trial, fork } = state.draft;
    const own = { name, description, message, version_label, workspace_id, first_trial, fork };
    const draft = { ...draftOf(template), ...own };
    return {
      ...placeStored(state, draft),
      dirty: !sameDraft(draft, state.pristine),
      fieldErrors: {},
      generation: state.generation + 1,
    };
  });
  const isKept = draftBefore(store.getState()) !== null;
  showNotice(`The text is restored.${isKept ? ' “Restore draft” brings back what you had.' : ''}`);
}

/** Shows the problems of a refused freeze or run at their fields. */
export function showProblems(
  store: EditorStore,
  problems: readonly { readonly path: string; readonly message: string }[],
  refused: string,
): void {
  const fieldErrors: Record<string, string> = {};
  for (const { path, message } of problems) fieldErrors[fieldOfPath(path)] ??= message;
  const first = Object.keys(fieldErrors)[0];
  store.setState(({ tab, refusals }) => ({
    fieldErrors,
    refusals: refusals + 1,
    ...(first && { tab: tabOfField(first, tab) }),
  }));
  const [problem] = problems;
  if (problem) showNotice(`${refused}: ${problemSentence(problem)}`);
}

/** Shows which values a run needs. */
export function askForValues(store: EditorStore, refused: string): void {
  store.setState(({ refusals }) => ({
    tab: 'preview',
    valuesAsked: true,
    fieldErrors: {},
    refusals: refusals + 1,
  }));
  showNotice(refused);
}

export function setFixture(store: EditorStore, name: string, value: string): void {
  store.setState(({ fixtures }) => ({ fixtures: { ...fixtures, [name]: value } }));
}

export function discardDraft(store: EditorStore): void {
  store.setState((state) => ({
    ...discard(state),
    dirty: false,
    fieldErrors: {},
    generation: state.generation + 1,
  }));
  removeDraft(store.getState().docId, store.getState().found);
}

/** Undoes a discard, a restored text or a removed message. */
export function restoreDraft(store: EditorStore): void {
  store.setState((state) => {
    const back = takeBack(state);
    if (back === null) return state;
    return { ...back, dirty: !sameDraft(back.draft, state.pristine), generation: state.generation + 1 };
  });
}

/** Lets `restoreDraft` undo the edit that has just been made. */
export function allowUndo(store: EditorStore, before: Draft): void {
  store.setState((state) => undoable(state, before));
}

/** The drafts of this document that others have replaced. */
export function replacedIn(store: EditorStore): Draft[] {
  return replacedDrafts(store.getState().kept);
}

/** They are kept somewhere else now. */
export function forgetReplaced(store: EditorStore): void {
  store.setState({ kept: [] });
  writeKept(store.getState().docId, []);
}

/** After a freeze: the draft is now a template. */
export function forgetDraft(store: EditorStore, frozenId: string, sent: Draft): void {
  const { draft, fixtures: values } = store.getState();
  withSpace(() => writeFixtures(frozenId, values));
  // What was typed meanwhile goes on as a draft of the new version.
  if (!sameDraft(draft, sent)) {
    const next = { ...draft, message: '', first_trial: '', fork: false };
    withSpace(() => writeDraft(frozenId, { name: draft.name, promptName: sent.name }, next));
  }
  // They go on as drafts of the version that their text has become.
  if (withSpace(() => writeKept(frozenId, replacedIn(store)))) forgetReplaced(store);
  frozen = { docId: frozenId, tab: store.getState().tab };
  store.setState(({ base, pristine, fixtures }) => ({
    draft: pristine,
    dirty: false,
    // The values now belong to the frozen template; the next new one starts without them.
    fixtures: base ? fixtures : {},
  }));
  removeDraft(store.getState().docId, store.getState().found);
}

/**
 * The template to diff against: the one it duplicates; for a draft, the version it starts from; for a frozen version,
 * its parent.
 */
export function diffIdOf({
  base,
  dirty,
  duplicate,
}: Pick<EditorState, 'base' | 'dirty' | 'duplicate'>): string | undefined {
  if (duplicate.kind === 'exact') return duplicate.templateId;
  return (dirty ? base?.template_id : base?.parent_template_id) ?? undefined;
}

const EditorContext = createContext<EditorStore | null>(null);
export const EditorProvider = EditorContext.Provider;

/** One store per opened document. */
export function useNewEditorStore(docId: string, base: NamedTemplate | null): EditorStore {
  const [store] = useState(() => createEditorStore(docId, base));
  useEffect(() => {
    if (base) followName(store, base);
  }, [store, base]);
  useEffect(
    () =>
      saveWhenIdle(
        (onChange) => follow(store, onChange),
        () => save(store),
      ),
    [store],
  );
  return store;
}

export function draftIn({ draft }: EditorState): Draft {
  return draft;
}

export function useEditorStore(): EditorStore {
  const store = use(EditorContext);
  if (!store) throw new Error('This belongs inside an editor.');
  return store;
}

export function useEditor<Part>(select: (state: EditorState) => Part): Part {
  return useStore(useEditorStore(), select);
}

export function useField<Field extends DraftField>(
  field: Field,
): { value: Draft[Field]; error: string | undefined; set(value: Draft[Field]): void } {
  const store = useEditorStore();
  const value = useEditor((state) => state.draft[field]);
  const error = useEditor((state) => state.fieldErrors[field]);
  return { value, error, set: (next) => setField(store, field, next) };
}
