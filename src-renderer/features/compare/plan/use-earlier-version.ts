import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { TemplateSummary } from '../../../../src-shared/domain';
import { showNotice } from '../../../commands';
import { failureOf, orpc } from '../../../rpc';
import { compareVersions, usePlanStore } from './plan-store';

/** The address that asks for the version before. */
export const PREVIOUS = 'previous';

/**
 * Plans two columns where the address names an earlier version, or `previous`; the address then names only the template,
 * so that a reload keeps what was changed since.
 * @returns why it could not
 */
export function useEarlierVersion(): { title: string; code: string; message: string } | null {
  const store = usePlanStore();
  const { template: templateId, against } = useSearch({ from: '/compare/new' });
  const navigate = useNavigate({ from: '/compare/new' });
  const isAsked = templateId !== undefined && against !== undefined;
  const input = { template_id: templateId ?? '' };
  const fresh = { placeholderData: undefined };
  const template = useQuery(orpc.templates.get.queryOptions({ input, enabled: isAsked, ...fresh }));
  const lineage = useQuery(
    orpc.templates.lineage.queryOptions({ input, enabled: isAsked && against === PREVIOUS, ...fresh }),
  );
  const connections = useQuery(orpc.connections.list.queryOptions());
  const earlierId =
    against === PREVIOUS
      ? previousOf(template.data?.prompt_id, lineage.data?.ancestors)?.template_id
      : against;
  const earlier = useQuery(
    orpc.templates.get.queryOptions({
      input: { template_id: earlierId ?? '' },
      enabled: isAsked && earlierId !== undefined,
      ...fresh,
    }),
  );
  const isRead =
    isAsked && template.data?.template_id === templateId && earlier.data?.template_id === earlierId;
  const items = connections.data?.items;
  useEffect(() => {
    if (!isRead || !template.data || !earlier.data || !items) return;
    compareVersions(store, template.data, earlier.data, items);
    void navigate({ search: { template: template.data.template_id }, replace: true });
  }, [isRead, store, template.data, earlier.data, items, navigate]);

  const isFirst = isAsked && lineage.isSuccess && template.isSuccess && earlierId === undefined;
  useEffect(() => {
    if (!isFirst) return;
    showNotice('This is the first version: there is none before it.');
    void navigate({ search: { template: templateId }, replace: true });
  }, [isFirst, templateId, navigate]);

  const failed = lineage.error ?? earlier.error;
  return isAsked && failed
    ? { ...failureOf(failed), title: 'The earlier version could not be loaded' }
    : null;
}

/** The nearest ancestor that is a version of the same prompt: a draft that was run is none. */
function previousOf(
  promptId: string | undefined,
  ancestors: readonly TemplateSummary[] | undefined,
): TemplateSummary | undefined {
  return ancestors?.find(
    ({ prompt_id, version_number }) => prompt_id === promptId && version_number !== null,
  );
}
