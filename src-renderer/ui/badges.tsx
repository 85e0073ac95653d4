import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconHelpCircle,
  IconLoader2,
  IconPinFilled,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { BatchStatus, EvidenceGrade, RunStatus } from '../../src-shared/domain';
import classes from './badges.module.css';

type Tone = 'quiet' | 'good' | 'warn' | 'bad' | 'unsure' | 'busy' | 'plain';

interface BadgeLook {
  readonly tone: Tone;
  readonly icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  readonly text: string;
}

/** Icon, words and border: colour is never alone. */
export function Badge({ tone, icon: Icon, text, title }: BadgeLook & { readonly title?: string }) {
  return (
    <span className={classes.badge} data-tone={tone} title={title}>
      <Icon size={13} aria-hidden />
      {text}
    </span>
  );
}

const RUN_LOOKS: Readonly<Record<RunStatus, BadgeLook>> = {
  pending: { tone: 'plain', icon: IconCircleDashed, text: 'Queued' },
  sending: { tone: 'busy', icon: IconLoader2, text: 'Running' },
  raw_stored: { tone: 'busy', icon: IconLoader2, text: 'Stored, reading' },
  succeeded: { tone: 'quiet', icon: IconCircleCheck, text: 'Done' },
  failed: { tone: 'bad', icon: IconAlertOctagon, text: 'Failed' },
  outcome_unknown: { tone: 'warn', icon: IconAlertTriangle, text: 'Outcome unknown' },
  cancelled: { tone: 'plain', icon: IconBan, text: 'Cancelled' },
};

export function RunStatusBadge({ status }: { readonly status: RunStatus }) {
  return <Badge {...RUN_LOOKS[status]} />;
}

const BATCH_LOOKS: Readonly<Record<BatchStatus, BadgeLook>> = {
  planned: { tone: 'plain', icon: IconCircleDashed, text: 'Planned' },
  running: { tone: 'busy', icon: IconLoader2, text: 'Running' },
  paused: { tone: 'warn', icon: IconPlayerPause, text: 'Paused' },
  completed: { tone: 'quiet', icon: IconCircleCheck, text: 'Completed' },
  stopped: { tone: 'bad', icon: IconAlertOctagon, text: 'Stopped' },
  cancelled: { tone: 'plain', icon: IconBan, text: 'Cancelled' },
};

export function BatchStatusBadge({ status }: { readonly status: BatchStatus }) {
  return <Badge {...BATCH_LOOKS[status]} />;
}

interface GradeLook {
  readonly text: string;
  readonly meaning: string;
  readonly proven: boolean;
}

const GRADES: Readonly<Record<EvidenceGrade, GradeLook>> = {
  fingerprint: {
    text: 'fingerprint',
    meaning: 'The provider returned a fingerprint of the backend that answered.',
    proven: true,
  },
  dated_snapshot: {
    text: 'dated',
    meaning: 'The provider answered with the id of a dated snapshot.',
    proven: true,
  },
  pinned_id: {
    text: 'pinned id',
    meaning: 'The provider answered with an id that names one version.',
    proven: true,
  },
  server_build: {
    text: 'build',
    meaning: 'The server named its build; the weights behind it are not proven.',
    proven: true,
  },
  alias_only: {
    text: 'alias only',
    meaning: 'Unverified: the provider named only an alias, which can move to another version unseen.',
    proven: false,
  },
  none: {
    text: 'unverified',
    meaning: 'Unverified: the answer says nothing about the version that made it.',
    proven: false,
  },
};

/** How well a version key is proven. Green needs evidence; an alias alone is unverified. */
export function GradeBadge({ grade }: { readonly grade: EvidenceGrade | null }) {
  const look = GRADES[grade ?? 'none'];
  return (
    <Badge
      tone={look.proven ? 'good' : 'unsure'}
      icon={look.proven ? IconPinFilled : IconHelpCircle}
      text={look.text}
      title={look.meaning}
    />
  );
}

export function gradeMeaning(grade: EvidenceGrade | null): string {
  return GRADES[grade ?? 'none'].meaning;
}

/** Marks what the practice provider answered: priced, but never spend. */
export function SimulatedBadge() {
  return (
    <Badge
      tone="plain"
      icon={IconCircleDashed}
      text="simulated"
      title="Answered by the practice provider: priced like the model it plays, never counted as spend."
    />
  );
}
