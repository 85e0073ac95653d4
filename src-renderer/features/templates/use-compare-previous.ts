import { useNavigate } from '@tanstack/react-router';
import { useCommands } from '../../commands';

/** `compare.previous` for the version under the cursor: plans it beside the one before. */
export function useComparePrevious(
  version: { readonly template_id: string; readonly version_number: number | null } | undefined,
): void {
  const navigate = useNavigate();
  useCommands({
    'compare.previous': {
      run: () => {
        if (!version) return;
        void navigate({ to: '/compare/new', search: { template: version.template_id, against: 'previous' } });
      },
      disabled: refusalOf(version?.version_number),
    },
  });
}

function refusalOf(versionNumber: number | null | undefined): string | undefined {
  if (versionNumber === undefined) return 'Select a version first.';
  if (versionNumber === null) return 'A trial is no version yet.';
  return versionNumber === 1 ? 'This is the first version: there is none before it.' : undefined;
}
