import { modalCompare } from './compare-dialog';
import { showDiffAgainst } from './diff-dialog';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import * as z from 'zod';
import { templateTitle, type NamedTemplate } from '../../../src-shared/domain';
import { showNotice, useCommands } from '../../commands';
import { carryValues } from '../../drafts';
import { api, changeNotice, failureOf } from '../../rpc';
import { readDraftAsTemplate } from './draft';
import { textProblemOf } from './text-problem';
import { useComparePrevious } from './use-compare-previous';
import {
  diffIdOf,
  discardDraft,
  forgetDraft,
  restoreDraft,
  showProblems,
  useEditor,
  useEditorStore,
  type EditorState,
  type EditorStore,
} from './draft-store';
import { keepCaret } from './kept-caret';
import { draftBefore } from './kept-drafts';
import { forgetRun, moveRun } from './run/draft-runs';
import { parentToFreeze } from './run/store-trial';
import type { EditorTab } from './tabs';

/** The editor's commands, except running (run-tab.tsx). */
export function useEditorCommands(): void {
  const store = useEditorStore();
  const navigate = useNavigate();
  const base = useEditor((state) => state.base);
  const dirty = useEditor((state) => state.dirty);
  const isInactive = useEditor((state) => state.isInactive);
  const duplicate = useEditor((state) => state.duplicate);
  const restorable = useEditor((state) => draftBefore(state) !== null);
  const refusal = useEditor(freezeRefusal);
  const freeze = useFreeze();
  useComparePrevious();
  const show = (tab: EditorTab) => (): void => store.setState({ tab });

  useCommands({
    'template.freeze': {
      run: () => freeze.mutate(),
      disabled: freeze.isPending ? 'Already being frozen.' : refusal,
    },
    'template.diff': {
      run: () => showDiffAgainst(null),
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
        else if (base) {
          carryValues(base.template_id, store.getState().fixtures);
          void navigate({ to: '/compare/new', search: { template: base.template_id } });
        }
      },
      disabled: isInactive
        ? 'Inactive prompts cannot run.'
        : base && !base.trial
          ? undefined
          : 'Freeze the draft first.',
    },
    'draft.discard': {
      run: () => {
        discardDraft(store);
        if (!base) forgetRun(store.getState().docId);
      },
      disabled: dirty ? undefined : 'There is no draft.',
    },
    'draft.restore': {
      run: () => restoreDraft(store),
      disabled: restorable ? undefined : 'No draft was discarded or replaced here.',
    },
    'editor.preview': show('preview'),
    'editor.tools': show('tools'),
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

function freezeRefusal(state: EditorState): string | undefined {
  const { base, dirty, draft, duplicate, checkedDraft, newerPartials } = state;
  if (base && !base.trial && !dirty)
    return newerPartials.length > 0 ? undefined : 'Already frozen. Typing starts a draft.';
  // What was found of an earlier text says nothing of this one; freezing checks it again.
  if (checkedDraft !== draft) return undefined;
  if (duplicate.kind === 'exact') return `Identical to ${duplicate.name}.`;
  if (duplicate.kind === 'frozen') return 'The configuration has not changed.';
  return undefined;
}

const duplicateSchema = z.object({
  template_id: z.string(),
  prompt_name: z.string(),
  version_number: z.number().nullable(),
});

/** A name typed over a renamed prompt's renames it once more: the version alone would be shown under the old one. */
async function renameAsTyped(store: EditorStore, template: NamedTemplate): Promise<string> {
  const { draft, pristine } = store.getState();
  const { name, prompt_id, version_number } = template;
  const done = `${templateTitle(template)} is frozen.`;
  if (name === template.prompt_name || draft.name === pristine.name) return done;
  try {
    const renamed = await api.prompts.update({ prompt_id, name });
    return `${templateTitle({ prompt_name: renamed.name, version_number })} is frozen.`;
  } catch (error) {
    return `${done} ${changeNotice(error, 'The prompt was not renamed')}`;
  }
}

/** Freezes the draft. The store, not the live check, decides about duplicates. */
function useFreeze() {
  const store = useEditorStore();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      const { draft, protocol } = store.getState();
      const read = readDraftAsTemplate(draft, null, protocol);
      if (!read.ok) {
        showProblems(store, read.problems, 'Not frozen');
        return null;
      }
      const parent_template_id = await parentToFreeze(store);
      const fork = draft.fork && parent_template_id !== null;
      const template = await api.templates.create({ ...read.template, parent_template_id, fork });
      return { template, sent: draft, notice: await renameAsTyped(store, template) };
    },
    onSuccess: (frozen) => {
      if (!frozen) return;
      const { template, sent, notice } = frozen;
      keepCaret(template.template_id);
      moveRun(store.getState().docId, template.template_id);
      forgetDraft(store, template.template_id, sent);
      showNotice(notice, 'next screen');
      void navigate({ to: '/templates/$templateId', params: { templateId: template.template_id } });
    },
    onError: (error) => {
      const failure = failureOf(error);
      const stored = duplicateSchema.safeParse(failure.data).data;
      if (failure.code === 'TEMPLATE_DUPLICATE' && stored) {
        const { template_id: templateId, ...of } = stored;
        store.setState({
          duplicate: { kind: 'exact', templateId, name: templateTitle(of) },
          checkedDraft: store.getState().draft,
        });
        return;
      }
      const place = textProblemOf(failure);
      showProblems(
        store,
        place === null || place.line === null
          ? failure.fields
          : [{ path: place.field, message: failure.message }],
        'Not frozen',
      );
      showNotice(changeNotice(error, `Not frozen (${failure.code})`));
    },
  });
}
