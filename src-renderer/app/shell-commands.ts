import { useNavigate } from '@tanstack/react-router';
import { goCommand } from '../addresses';
import { useCommands } from '../commands';
import { draftAddress, draftList, freshDocId } from '../drafts';
import { preferences } from '../preferences';
import { useBackupCommand } from '../features/backups';
import { toggleOutputView } from '../features/outputs';
import { useSampleLibrary } from '../features/templates';
import { focusPage } from '../ui';
import { dialogs } from './dialogs';
import { LISTED } from './screens';

export function useShellCommands(): void {
  const navigate = useNavigate();
  const sample = useSampleLibrary();
  useBackupCommand();
  useCommands({
    ...Object.fromEntries(
      LISTED.map((screen) => [goCommand(screen), () => void navigate({ to: screen.path })]),
    ),
    'app.palette': () => dialogs.setState({ open: 'palette', prefix: '' }),
    'app.open': () => dialogs.setState({ open: 'palette', prefix: '@' }),
    'app.help': () => dialogs.setState({ open: 'help' }),
    'app.rail': () => preferences.setState(({ railLabels }) => ({ railLabels: !railLabels })),
    'pane.next': () => movePane(1),
    'pane.previous': () => movePane(-1),
    'text.leave': focusPage,
    'output.view': toggleOutputView,
    'template.new': () => void navigate(draftAddress(freshDocId(draftList()))),
    'sample.install': {
      run: sample.install,
      disabled: sample.installing ? 'Already being added.' : undefined,
    },
    'compare.new': () => void navigate({ to: '/compare/new' }),
    'connection.add': () => void navigate({ to: '/providers', search: { connection: 'new' } }),
    'theme.system': () => preferences.setState({ theme: 'system' }),
    'theme.light': () => preferences.setState({ theme: 'light' }),
    'theme.dark': () => preferences.setState({ theme: 'dark' }),
    'density.compact': () => preferences.setState({ density: 'compact' }),
    'density.comfortable': () => preferences.setState({ density: 'comfortable' }),
    'keys.single': () => preferences.setState(({ singleKeys }) => ({ singleKeys: !singleKeys })),
  });
}

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea, [tabindex]:not([tabindex="-1"]), [contenteditable="true"]';

/** F6: focuses the first focusable element of the next pane. */
function movePane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => pane.offsetParent !== null,
  );
  const here = panes.findLastIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(here + step + panes.length) % panes.length];
  (next?.querySelector<HTMLElement>(FOCUSABLE) ?? next)?.focus();
}
