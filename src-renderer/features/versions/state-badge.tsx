import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconEye,
  IconHelpCircle,
  IconPinFilled,
} from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import { Badge } from '../../ui';
import type { VersionState } from './version-state';

const LOOKS: Readonly<Record<VersionState, ComponentProps<typeof Badge>>> = {
  pinned: {
    tone: 'good',
    icon: IconPinFilled,
    text: 'Pinned',
    title: 'Runs succeed only while this version answers.',
  },
  drift: {
    tone: 'warn',
    icon: IconAlertTriangle,
    text: 'Drift',
    title: 'Another version answered before this one.',
  },
  mismatch: {
    tone: 'bad',
    icon: IconAlertOctagon,
    text: 'Mismatch',
    title: 'The template is pinned to another version: runs that this one answers fail.',
  },
  unverified: {
    tone: 'unsure',
    icon: IconHelpCircle,
    text: 'Unverified',
    title: 'The provider named only an alias or nothing: the version can change unseen.',
  },
  seen: { tone: 'plain', icon: IconEye, text: 'Seen', title: 'The template is not pinned.' },
};

export function StateBadge({ state }: { readonly state: VersionState }) {
  return <Badge {...LOOKS[state]} />;
}
