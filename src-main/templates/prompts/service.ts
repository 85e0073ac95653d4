import {
  AppError,
  notFound,
  timestampOf,
  validationError,
  type Prompt,
  type PromptChange,
  type PromptOrder,
  type Template,
} from '../../../src-shared/domain';
import type { Clock, Ids, Service } from '../../ports';
import {
  countPrompts,
  countTrials,
  forkedFrom,
  insertPromptChange,
  labelInForce,
  latestPromptChange,
  listFacets,
  listHistory,
  listLabelMoves,
  listPromptChanges,
  listPrompts,
  promptRow,
  promptsNamed,
  requireTemplate,
  summariesOf,
  templateOfVersion,
  type PromptRow,
  type Store,
} from '../../store';
import { assertInUse } from '../in-use';
import { createApprovals } from './approvals';

export interface PromptsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether sums of runs are kept; default: yes. */
  readonly statistics?: boolean | undefined;
}

const BY_SUMS: ReadonlySet<PromptOrder> = new Set([
  'runs',
  '-runs',
  'cost',
  '-cost',
  'last_run',
  '-last_run',
]);
const DEFAULT_LABEL = 'production';

export function createPromptsService({
  store,
  clock,
  ids,
  statistics = true,
}: PromptsOptions): Service<'prompts'> {
  const existing = (promptId: string): PromptRow => {
    const row = promptRow(store.read, promptId);
    if (row === undefined) throw notFound('prompt', promptId);
    return row;
  };

  const get = (promptId: string): Prompt => {
    const [summary] = summariesOf(store.read, [existing(promptId)], statistics);
    if (summary === undefined) throw notFound('prompt', promptId);
    return {
      ...summary,
      trials: countTrials(store.read, promptId),
      forked_from: forkedFrom(store.read, promptId),
      changes: listPromptChanges(store.read, promptId),
    };
  };

  return {
    list({ cursor, limit, sort, ...filter }) {
      if (!statistics && BY_SUMS.has(sort)) {
        throw new AppError(
          'STATISTICS_OFF',
          'Statistics are off (PROMPTER_EXECUTION_LOG_DISABLED), so prompts cannot be sorted by their runs. ' +
            'Sort by changed, name or versions.',
        );
      }
      return {
        ...listPrompts(store.read, filter, { order: sort, cursor, limit }, statistics),
        total: countPrompts(store.read, filter),
      };
    },

    facets: ({ workspace_id }) => listFacets(store.read, workspace_id ?? null),

    byName({ name, workspace_id, label: asked, version }) {
      if (asked !== undefined && version !== undefined) {
        throw validationError([{ path: 'version', message: 'is not given beside "label"' }]);
      }
      const row = theOne(promptsNamed(store.read, { workspace_id, name }), name);
      if (version !== undefined) {
        return { ...versionOf(store, row, version), prompt_name: row.name, label: null };
      }
      const label = asked ?? DEFAULT_LABEL;
      const move = labelInForce(store.read, { ...row, label });
      if (move === undefined || move.template_id === null) throw noLabel(store, row, label);
      const template = requireTemplate(store.read, move.template_id);
      assertInUse(store.read, template);
      return { ...template, prompt_name: row.name, label };
    },

    get: ({ prompt_id }) => get(prompt_id),

    history({ prompt_id, ...page }) {
      existing(prompt_id);
      return {
        ...listHistory(store.read, prompt_id, page, statistics),
        trials: countTrials(store.read, prompt_id),
      };
    },

    labels({ prompt_id, ...page }) {
      existing(prompt_id);
      return listLabelMoves(store.read, prompt_id, page);
    },

    ...createApprovals({ store, clock, ids }),

    update({ prompt_id, ...change }) {
      const { org_id, workspace_id } = existing(prompt_id);
      store.write((tx) => {
        let known: Pick<PromptChange, 'name' | 'active'> = latestPromptChange(tx, prompt_id) ?? {
          name: null,
          active: true,
        };
        for (const next of changesOf(change)) {
          const changed = { ...known, ...next };
          if (changed.name === known.name && changed.active === known.active) continue;
          insertPromptChange(tx, {
            change_id: ids.uuid(),
            org_id,
            workspace_id,
            prompt_id,
            name: changed.name,
            active: changed.active,
            changed_at: timestampOf(clock.now()),
            changed_by: change.changed_by,
          });
          known = changed;
        }
      });
      return get(prompt_id);
    },
  };
}

/** A new name and a change of activity are a record each. */
function changesOf({
  name,
  active,
}: {
  readonly name?: string | null | undefined;
  readonly active?: boolean | undefined;
}): Partial<Pick<PromptChange, 'name' | 'active'>>[] {
  return [...(name === undefined ? [] : [{ name }]), ...(active === undefined ? [] : [{ active }])];
}

/** @throws NOT_FOUND, PROMPT_INACTIVE, PROMPT_AMBIGUOUS */
function theOne(named: readonly PromptRow[], name: string): PromptRow {
  const active = named.filter((row) => row.active);
  const [first, second] = active;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    throw new AppError(
      'PROMPT_AMBIGUOUS',
      `${active.length} prompts are called "${name}". Rename all but one, or set them inactive.`,
      { data: { name, prompt_ids: active.map(({ prompt_id }) => prompt_id) } },
    );
  }
  const [inactive] = named;
  if (inactive === undefined) {
    throw new AppError('NOT_FOUND', `No prompt is called "${name}".`, { data: { what: 'prompt', name } });
  }
  throw new AppError('PROMPT_INACTIVE', `"${name}" is inactive: it is neither run nor fetched.`, {
    data: { prompt_id: inactive.prompt_id },
  });
}

/** @throws NOT_FOUND, VALIDATION_FAILED where it is archived */
function versionOf({ read }: Store, row: PromptRow, version: number | 'latest'): Template {
  const [summary] = summariesOf(read, [row], false);
  const id =
    version === 'latest' ? summary?.latest?.template_id : templateOfVersion(read, row.prompt_id, version);
  if (id === undefined) {
    throw new AppError('NOT_FOUND', `"${row.name}" has no version ${version}.`, {
      data: { what: 'version', prompt_id: row.prompt_id, version },
    });
  }
  const template = requireTemplate(read, id);
  assertInUse(read, template);
  return template;
}

function noLabel({ read }: Store, row: PromptRow, label: string): AppError {
  const labels = summariesOf(read, [row], false)[0]?.labels.map((known) => known.label) ?? [];
  const known = labels.length === 0 ? 'It has none' : `It has ${labels.join(', ')}`;
  return new AppError('NOT_FOUND', `"${row.name}" has no label "${label}". ${known}.`, {
    data: { what: 'label', prompt_id: row.prompt_id, label, labels },
  });
}
