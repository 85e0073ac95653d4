import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { showNotice, useCommands } from '../../commands';
import { carryValues } from '../../drafts';
import { api, changeNotice } from '../../rpc';
import { readDraftAsTemplate } from './draft';
import { showProblems, useEditor, useEditorStore } from './draft-store';

/**
 * `compare.previous`: a version beside the one before it, or a draft beside the version that it was made from. A draft is
 * stored as a trial for that, so the comparison names exactly what was compared.
 */
export function useComparePrevious(): void {
  const store = useEditorStore();
  const navigate = useNavigate();
  const base = useEditor((state) => state.base);
  const dirty = useEditor((state) => state.dirty);
  const compare = useMutation({
    mutationFn: async (baseId: string) => {
      const read = readDraftAsTemplate(store.getState().draft, baseId);
      if (!read.ok) {
        showProblems(store, read.problems, 'Not compared');
        return null;
      }
      return api.templates.create({ ...read.template, trial: true });
    },
    onSuccess: (trial, baseId) => {
      if (!trial) return;
      carryValues(trial.template_id, store.getState().fixtures);
      const search = { template: trial.template_id, against: baseId };
      void navigate({ to: '/compare/new', search });
    },
    onError: (error) => showNotice(changeNotice(error, 'Not compared')),
  });
  useCommands({
    'compare.previous': {
      run: () => {
        if (!base) return;
        if (dirty) compare.mutate(base.template_id);
        else {
          carryValues(base.template_id, store.getState().fixtures);
          const search = { template: base.template_id, against: 'previous' };
          void navigate({ to: '/compare/new', search });
        }
      },
      disabled: !base
        ? 'A new template has no earlier version.'
        : compare.isPending
          ? 'Already being prepared.'
          : !dirty && (base.version_number === 1 || base.parent_template_id === null)
            ? 'This is the first version: there is none before it.'
            : undefined,
    },
  });
}
