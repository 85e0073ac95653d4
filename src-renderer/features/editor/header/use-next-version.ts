import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../../rpc';
import { useEditor } from '../draft-store';

/**
 * The number that the next freeze gives, as versions are called: `v3` for a draft, `next: v3` beside a version. Empty
 * while it is not known.
 */
export function useNextVersionHint(): string {
  const base = useEditor((state) => state.base);
  const isElsewhere = useEditor(
    ({ base: from, draft }) => from !== null && (draft.fork || draft.workspace_id !== from.workspace_id),
  );
  const isVersion = useEditor((state) => state.base?.trial === false && !state.dirty);
  const prompt = useQuery(
    orpc.prompts.get.queryOptions({
      input: { prompt_id: base?.prompt_id ?? '' },
      enabled: base !== null && !isElsewhere,
      placeholderData: undefined,
    }),
  );
  // Numbers have no gaps: archived versions keep theirs and count. A fork, or another workspace, begins a prompt of its own.
  const versions = base === null || isElsewhere ? 0 : prompt.data?.versions;
  if (versions === undefined) return '';
  return `${isVersion ? 'next: ' : ''}v${versions + 1}`;
}
