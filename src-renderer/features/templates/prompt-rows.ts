import { templateTitle, type HistoryEntry, type PromptSummary } from '../../../src-shared/domain';

/** A row of the list: a prompt, or below an expanded one a version of it, or a line that says what is missing. */
export type PromptRow =
  | {
      readonly kind: 'prompt';
      readonly id: string;
      readonly prompt: PromptSummary;
      readonly expanded: boolean;
    }
  | {
      readonly kind: 'version';
      readonly id: string;
      readonly prompt: PromptSummary;
      readonly version: HistoryEntry;
    }
  | { readonly kind: 'line'; readonly id: string; readonly prompt: PromptSummary; readonly text: string };

/** The versions of an expanded prompt; undefined while they are fetched. */
export interface Versions {
  readonly items: readonly HistoryEntry[] | undefined;
  readonly isComplete: boolean;
  readonly failure: string | undefined;
}

/** The loaded prompts with the versions of those that are expanded below them. */
export function rowsOf(
  prompts: readonly PromptSummary[],
  expanded: ReadonlyMap<string, Versions>,
): readonly PromptRow[] {
  if (expanded.size === 0) {
    return prompts.map((prompt) => ({ kind: 'prompt', id: prompt.prompt_id, prompt, expanded: false }));
  }
  return prompts.flatMap((prompt): PromptRow[] => {
    const versions = expanded.get(prompt.prompt_id);
    const row: PromptRow = {
      kind: 'prompt',
      id: prompt.prompt_id,
      prompt,
      expanded: versions !== undefined,
    };
    return versions === undefined ? [row] : [row, ...versionRows(prompt, versions)];
  });
}

function versionRows(prompt: PromptSummary, { items, isComplete, failure }: Versions): PromptRow[] {
  const line = (text: string): PromptRow => ({ kind: 'line', id: `${prompt.prompt_id}/line`, prompt, text });
  if (items === undefined) return [line(failure ?? 'Loading versions…')];
  const rows = items.map((version): PromptRow => ({
    kind: 'version',
    id: `${prompt.prompt_id}/${version.template_id}`,
    prompt,
    version,
  }));
  return isComplete ? rows : [...rows, line('Older versions are in its history.')];
}

/** The template that a row stands for: the version itself, or the latest one of its prompt. */
export function templateOf(row: PromptRow | undefined): RowTemplate | undefined {
  if (row?.kind === 'version') {
    const { template_id, version_number, deleted_at } = row.version;
    return {
      template_id,
      version_number,
      name: nameOf(row.prompt, version_number),
      archived: deleted_at !== null,
    };
  }
  if (!row?.prompt.latest) return undefined;
  const { template_id, version_number } = row.prompt.latest;
  return {
    template_id,
    version_number,
    name: nameOf(row.prompt, version_number),
    archived: row.prompt.archived,
  };
}

export interface RowTemplate {
  readonly template_id: string;
  readonly version_number: number | null;
  readonly name: string;
  readonly archived: boolean;
}

function nameOf({ name: prompt_name }: PromptSummary, version_number: number | null): string {
  return templateTitle({ prompt_name, version_number });
}
