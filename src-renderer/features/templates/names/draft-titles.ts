import { useQueries } from '@tanstack/react-query';
import { versionTitle } from '../../../../src-shared/domain';
import { draftAddress, draftName, type DraftInfo } from '../../../drafts';
import { orpc } from '../../../rpc';

/** What an open document is called: `Greeting · v3` of a version, `Greeting · from v3` of a draft that was begun from it. */
export function documentTitle(
  name: string,
  base: { readonly version_number: number | null } | null,
  isDraft: boolean,
): string {
  const shown = name || 'Untitled';
  if (base === null) return shown;
  const version = versionTitle(base);
  return `${shown} · ${isDraft ? `from ${version === 'trial' ? 'a trial' : version}` : version}`;
}

/** The titles of stored drafts, in order; without a version until its template has been read. */
export function useDraftTitles(drafts: readonly DraftInfo[]): string[] {
  const bases = useQueries({
    queries: drafts.map(({ docId }) => {
      const address = draftAddress(docId);
      const isNew = address.to === '/templates/new';
      return orpc.templates.get.queryOptions({
        input: { template_id: isNew ? '' : address.params.templateId },
        enabled: !isNew,
        placeholderData: undefined,
      });
    }),
  });
  return drafts.map((draft, index) => {
    const base = bases[index]?.data;
    return base === undefined
      ? documentTitle(draft.name, null, true)
      : documentTitle(draftName(draft, base), base, true);
  });
}
