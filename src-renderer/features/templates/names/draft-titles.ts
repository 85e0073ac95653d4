import { useQueries } from '@tanstack/react-query';
import { versionTitle } from '../../../../src-shared/domain';
import { draftAddress, draftName, type DraftInfo } from '../../../drafts';
import { orpc } from '../../../rpc';

/** In two parts, so that the version is seen where the name is cut off. */
export interface DocumentTitle {
  readonly name: string;
  /** Null of a new template. */
  readonly version: string | null;
}

/** What an open document is called: `Greeting · v3` of a version, `Greeting · from v3` of a draft that was begun from it. */
export function documentTitle(
  name: string,
  base: { readonly version_number: number | null } | null,
  isDraft: boolean,
): DocumentTitle {
  const shown = name || 'Untitled';
  if (base === null) return { name: shown, version: null };
  if (!isDraft) return { name: shown, version: versionTitle(base) };
  return {
    name: shown,
    version: base.version_number === null ? 'from a trial' : `from ${versionTitle(base)}`,
  };
}

export function titleText({ name, version }: DocumentTitle): string {
  return version === null ? name : `${name} · ${version}`;
}

/** The titles of stored drafts, in order; without a version until its template has been read. */
export function useDraftTitles(drafts: readonly DraftInfo[]): DocumentTitle[] {
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
