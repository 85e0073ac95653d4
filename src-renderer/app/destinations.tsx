import {
  IconChartBar,
  IconChecklist,
  IconCloudUp,
  IconColumns3,
  IconListDetails,
  IconPlugConnected,
  IconSettings,
  IconShieldCheck,
  IconTemplate,
  IconVersions,
  type Icon,
} from '@tabler/icons-react';
import type { CommandId } from '../commands';

interface Destination {
  readonly to:
    | '/templates'
    | '/compare'
    | '/runs'
    | '/review'
    | '/versions'
    | '/analytics'
    | '/providers'
    | '/audit'
    | '/sync'
    | '/settings';
  readonly name: string;
  readonly icon: Icon;
  readonly command: CommandId;
  readonly end?: true;
}

/** The rail, in order. A new screen is one line here. */
export const DESTINATIONS: readonly Destination[] = [
  { to: '/templates', name: 'Templates', icon: IconTemplate, command: 'go.templates' },
  { to: '/compare', name: 'Compare', icon: IconColumns3, command: 'go.compare' },
  { to: '/runs', name: 'Runs', icon: IconListDetails, command: 'go.runs' },
  { to: '/review', name: 'Review', icon: IconChecklist, command: 'go.review' },
  { to: '/versions', name: 'Versions', icon: IconVersions, command: 'go.versions' },
  { to: '/analytics', name: 'Analytics', icon: IconChartBar, command: 'go.analytics' },
  { to: '/providers', name: 'Providers', icon: IconPlugConnected, command: 'go.providers' },
  { to: '/audit', name: 'Audit', icon: IconShieldCheck, command: 'go.audit' },
  { to: '/sync', name: 'Sync', icon: IconCloudUp, command: 'go.sync' },
  { to: '/settings', name: 'Settings', icon: IconSettings, command: 'go.settings', end: true },
];
