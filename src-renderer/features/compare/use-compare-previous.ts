import { useNavigate } from '@tanstack/react-router';
import { useCommands } from '../../commands';

interface Version {
  readonly template_id: string;
  readonly parent_template_id: string | null;
  readonly version_number: number | null;
}

/** `compare.previous` for a version: plans it beside the one before. Null while there is none to speak of. */
export function useComparePrevious(version: Version | null): void {
  const navigate = useNavigate();
  useCommands({
    'compare.previous': {
      run: () => {
        if (version) {
          void navigate({
            to: '/compare/new',
            search: { template: version.template_id, against: 'previous' },
          });
        }
      },
      disabled: refusalOf(version),
    },
  });
}

function refusalOf(version: Version | null): string | undefined {
  if (version === null) return 'Select a version first.';
  return version.version_number === 1 || version.parent_template_id === null
    ? 'This is the first version: there is none before it.'
    : undefined;
}
