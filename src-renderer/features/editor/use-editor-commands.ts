import { modalCompare } from './compare-dialog';
import { modalDiff } from './diff-dialog';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { showNotice, useCommands } from '../../commands';
import { api, changeNotice, failureOf } from '../../rpc';
import { readDraftAsTemplate } from './draft';
import { textProblemOf } from './text-problem';
import {
  diffIdOf,
  discardDraft,
  forgetDraft,
  restoreDraft,
  useEditor,
  useEditorStore,
  type EditorState,
  type EditorTab,
} from './draft-store';

/** The editor's commands, except running (run-tab.tsx). */
export function useEditorCommands(): void {
  const store = useEditorStore();
  const navigate = useNavigate();
  const base = useEditor((state) => state.base);
  const dirty = useEditor((state) => state.dirty);
  const duplicate = useEditor((state) => state.duplicate);
  const restorable = useEditor((state) => state.discarded !== null && !state.dirty);
  const refusal = useEditor(freezeRefusal);
  const freeze = useFreeze();
  const show = (tab: EditorTab) => (): void => store.setState({ tab });

  useCommands({
    'template.freeze': {
      run: () => freeze.mutate(),
      disabled: freeze.isPending ? 'Already being frozen.' : refusal,
    },
    'template.diff': {
      run: () => modalDiff.setState({ open: true }),
      disabled: diffRefusal({ base, dirty, duplicate }),
    },
    'template.openDuplicate': {
      run: () => {
        if (duplicate.kind === 'exact')
          void navigate({ to: '/templates/$templateId', params: { templateId: duplicate.templateId } });
      },
      disabled: duplicate.kind === 'exact' ? undefined : 'There is no identical template.',
    },
    'template.compare': {
      run: () => {
        if (dirty) modalCompare.setState({ open: true });
        else if (base) void navigate({ to: '/compare/new', search: { template: base.template_id } });
      },
      disabled: base ? undefined : 'Freeze the draft first.',
    },
    'draft.discard': {
      run: () => discardDraft(store),
      disabled: dirty ? undefined : 'There is no draft.',
    },
    'draft.restore': {
      run: () => restoreDraft(store),
      disabled: restorable ? undefined : dirty ? 'You already have a draft.' : 'No draft was discarded here.',
    },
    'editor.preview': show('preview'),
    'editor.parameters': show('parameters'),
    'editor.details': show('details'),
    'editor.run': show('run'),
    'editor.versions': show('versions'),
  });
}

function diffRefusal(state: Pick<EditorState, 'base' | 'dirty' | 'duplicate'>): string | undefined {
  if (diffIdOf(state) !== undefined) return undefined;
  return state.base
    ? 'This version has no parent to compare with.'
    : 'A new template has nothing to compare with.';
}

function freezeRefusal({ base, dirty, duplicate }: EditorState): string | undefined {
  if (base && !dirty) return 'Already frozen. Typing starts a draft.';
  if (duplicate.kind === 'exact') return `Identical to ${duplicate.name}.`;
  if (duplicate.kind === 'frozen') return 'The configuration has not changed.';
  return undefined;
}

/** Freezes the draft. The store, not the live check, decides about duplicates. */
function useFreeze() {
  const store = useEditorStore();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      const { draft, base } = store.getState();
      const read = readDraftAsTemplate(draft, base?.template_id ?? null);
      if (!read.ok) {
        showProblems(read.problems);
        return null;
      }
      return api.templates.create(read.template);
    },
    onSuccess: (template) => {
      if (!template) return;
      forgetDraft(store, template.template_id);
      showNotice(`${template.name} is frozen.`);
      void navigate({ to: '/templates/$templateId', params: { templateId: template.template_id } });
    },
    onError: (error) => {
      const failure = failureOf(error);
      const { template_id: templateId, name } = failure.data;
      if (failure.code === 'TEMPLATE_DUPLICATE' && typeof templateId === 'string') {
        store.setState({
          duplicate: { kind: 'exact', templateId, name: typeof name === 'string' ? name : templateId },
        });
        return;
      }
      const place = textProblemOf(failure);
      showProblems(place ? [{ path: place.field, message: failure.message }] : failure.fields);
      showNotice(changeNotice(error, `Not frozen (${failure.code})`));
    },
  });

  function showProblems(problems: readonly { readonly path: string; readonly message: string }[]): void {
    const fieldErrors: Record<string, string> = {};
    for (const { path, message } of problems) fieldErrors[path.split('.')[0] ?? path] ??= message;
    const first = Object.keys(fieldErrors)[0];
    store.setState({ fieldErrors, ...(first && { tab: tabOf(first, store.getState().tab) }) });
    const [problem] = problems;
    if (problem) showNotice(`Not frozen: ${problem.message}`);
  }
}

const IN_DETAILS = new Set([
  'message',
  'description',
  'workspace_id',
  'grounding_mode',
  'country_set',
  'als',
  'model_version_constraint',
  'fingerprint_allowlist',
]);

function tabOf(field: string, current: EditorTab): EditorTab {
  if (field === 'inference_params' || field === 'response_schema') return 'parameters';
  return IN_DETAILS.has(field) ? 'details' : current;
}
