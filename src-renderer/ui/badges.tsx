import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconBan,
  IconCalendar,
  IconCircleCheck,
  IconCircleDashed,
  IconFingerprint,
  IconHash,
  IconHelpCircle,
  IconLoader2,
  IconPinFilled,
  IconPlayerPause,
  IconServer,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { BatchStatus, BatchSummary, EvidenceGrade, RunStatus } from '../../src-shared/domain';
import classes from './badges.module.css';

type Tone = 'quiet' | 'good' | 'warn' | 'bad' | 'unsure' | 'busy' | 'plain';

interface BadgeLook {
  readonly tone: Tone;
  readonly icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  readonly text: string;
}

/** Icon, words and border, so that meaning never depends on colour alone. */
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
  raw_stored: { tone: 'busy', icon: IconLoader2, text: 'Stored, parsing' },
  succeeded: { tone: 'quiet', icon: IconCircleCheck, text: 'Done' },
  failed: { tone: 'bad', icon: IconAlertOctagon, text: 'Failed' },
  outcome_unknown: { tone: 'warn', icon: IconAlertTriangle, text: 'Outcome unknown' },
  cancelled: { tone: 'plain', icon: IconBan, text: 'Cancelled' },
};

export function runStatusName(status: RunStatus): string {
  return RUN_LOOKS[status].text;
}

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

/** A comparison that ended without an answer is no success, however complete. */
function batchLook({ status, counts, total }: Pick<BatchSummary, 'status' | 'counts' | 'total'>): BadgeLook {
  if (status !== 'completed' || counts.succeeded > 0 || total === 0) return BATCH_LOOKS[status];
  const text = counts.failed === total ? 'Completed, all failed' : 'Completed, none succeeded';
  return { tone: 'bad', icon: IconAlertOctagon, text };
}

export function BatchStatusBadge({
  batch,
}: {
  readonly batch: Pick<BatchSummary, 'status' | 'counts' | 'total'>;
}) {
  return <Badge {...batchLook(batch)} />;
}

interface GradeLook extends BadgeLook {
  readonly meaning: string;
}

const GRADES: Readonly<Record<EvidenceGrade, GradeLook>> = {
  fingerprint: {
    tone: 'plain',
    icon: IconFingerprint,
    text: 'fingerprint',
    meaning: 'The provider returned a fingerprint of the backend that answered.',
  },
  dated_snapshot: {
    tone: 'plain',
    icon: IconCalendar,
    text: 'dated',
    meaning: 'The provider answered with the id of a dated snapshot.',
  },
  pinned_id: {
    tone: 'plain',
    icon: IconHash,
    text: 'exact id',
    meaning: 'The provider answered with an id that names one version.',
  },
  server_build: {
    tone: 'plain',
    icon: IconServer,
    text: 'build',
    meaning: 'The server named its build; the weights behind it are not proven.',
  },
  alias_only: {
    tone: 'unsure',
    icon: IconHelpCircle,
    text: 'alias only',
    meaning: 'Unverified: the provider named only an alias, which can move to another version unseen.',
  },
  none: {
    tone: 'unsure',
    icon: IconHelpCircle,
    text: 'unverified',
    meaning: 'Unverified: the answer says nothing about the version that made it.',
  },
};

/** The grade of a version's evidence. Unobtrusive, without a pinned version's pin and green, which mark a state. */
export function GradeBadge({ grade }: { readonly grade: EvidenceGrade | null }) {
  const { meaning, ...look } = GRADES[grade ?? 'none'];
  return <Badge {...look} title={`Evidence for the version: ${look.text}. ${meaning}`} />;
}

export function gradeMeaning(grade: EvidenceGrade | null): string {
  return GRADES[grade ?? 'none'].meaning;
}

/** Marks a template pinned to a version. */
export function PinMark({ version }: { readonly version: string }) {
  const name = `Pinned to ${version}`;
  return (
    <span className={classes.pin} role="img" aria-label={name} title={name}>
      <IconPinFilled size={13} aria-hidden />
    </span>
  );
}

/** The name of a label that points to what it stands beside. */
export function LabelMark({ label }: { readonly label: string }) {
  return <span className={classes.label}>{label}</span>;
}

/** Marks answers of the practice provider: priced, but never spend. */
export function SimulatedBadge() {
  return (
    <Badge
      tone="plain"
      icon={IconCircleDashed}
      text="simulated"
      title="Answered by the practice provider: priced like the model it imitates, never counted as spend."
    />
  );
}
