import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { HistoryEntry, NamedTemplate } from '../../../../src-shared/domain';
import { orpc } from '../../../rpc';
import { usePlan, usePlanStore } from './plan-store';

/** The versions of the plan's prompt, newest first: enough to choose from, and where each label points. */
export function usePromptVersions(): readonly HistoryEntry[] {
  const promptId = usePlan(({ template }) => template?.prompt_id);
  const history = useQuery(
    orpc.prompts.history.queryOptions({
      input: { prompt_id: promptId ?? '', limit: 200 },
      enabled: promptId !== undefined,
    }),
  );
  return history.data?.items ?? NONE;
}
const NONE: readonly HistoryEntry[] = [];

/** Reads the versions that columns are of into the plan: their variables make the inputs. */
export function useReadVersions(): void {
  const store = usePlanStore();
  const own = usePlan(({ template }) => template?.template_id);
  const targets = usePlan((plan) => plan.targets);
  const ids = new Set(targets.flatMap(({ templateId }) => (templateId === null ? [] : [templateId])));
  if (own !== undefined) ids.delete(own);
  const read = useQueries({
    queries: [...ids].map((template_id) => orpc.templates.get.queryOptions({ input: { template_id } })),
    combine: useCallback(
      (results: readonly { data?: NamedTemplate | undefined }[]) =>
        results.flatMap(({ data }) => (data === undefined ? [] : [data])),
      [],
    ),
  });
  useEffect(() => {
    const { versions } = store.getState();
    const isKnown = read.every(({ template_id }) =>
      versions.some((known) => known.template_id === template_id),
    );
    if (!isKnown) store.setState({ versions: read });
  }, [store, read]);
}
