import { api } from '../../../rpc';
import { readDraftAsTemplate } from '../draft';
import { setFirstTrial, showProblems, type EditorStore } from '../draft-store';

/**
 * The template that says what is on screen: the open version, or else a trial of the draft.
 * @returns its id; null where the draft is not valid, which its fields then say
 */
export async function templateOnScreen(store: EditorStore): Promise<string | null> {
  const { draft, base, dirty, protocol } = store.getState();
  if (base && !dirty) return base.template_id;
  const unnamed = draft.name.trim() === '';
  const named = { ...draft, name: unnamed ? 'Untitled' : draft.name, message: '', version_label: '' };
  const read = readDraftAsTemplate(named, parentOf(store), protocol);
  if (!read.ok) {
    showProblems(store, read.problems, 'Not run');
    return null;
  }
  const template = await api.templates.create({ ...read.template, trial: true });
  const isFirst = !base && draft.first_trial === '' && template.trial;
  // The same text may have been tried for another prompt: its line is not this draft's.
  if (isFirst && template.prompt_id === template.template_id && !(await hasVersions(template.template_id)))
    setFirstTrial(store, template.template_id);
  return template.template_id;
}

/** What a draft is a child of: the template that it started from, else its own first trial. */
function parentOf(store: EditorStore): string | null {
  const { base, draft } = store.getState();
  return base?.template_id ?? (draft.first_trial === '' ? null : draft.first_trial);
}

/** The parent of the version that a draft becomes: a first trial that another draft has frozen meanwhile is left to that. */
export async function parentToFreeze(store: EditorStore): Promise<string | null> {
  const parent = parentOf(store);
  if (parent === null || store.getState().base) return parent;
  return (await hasVersions(parent)) ? null : parent;
}

async function hasVersions(templateId: string): Promise<boolean> {
  const { children } = await api.templates.lineage({ template_id: templateId });
  return children.length > 0;
}
