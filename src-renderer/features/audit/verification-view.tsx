import { Button, Progress } from '@mantine/core';
import { IconAlertOctagon, IconShieldCheck } from '@tabler/icons-react';
import type { AuditReport } from '../../../src-shared/contract';
import { restoredInWords } from '../../../src-shared/domain';
import { FailureView, useFormat } from '../../ui';
import type { Verification } from './use-verify';
import classes from './audit.module.css';

interface VerificationViewProps {
  readonly verification: Verification;
  onStop(): void;
  onRetry(): void;
  onOpen(seq: number): void;
}

/** Progress and result: verified to the last entry, or the first broken one. */
export function VerificationView({ verification, onStop, onRetry, onOpen }: VerificationViewProps) {
  const format = useFormat();
  if (verification.state === 'idle') return null;
  if (verification.state === 'failed') {
    return (
      <FailureView
        inline
        title="The log could not be verified"
        safe="Nothing was changed."
        {...verification.failure}
        onRetry={onRetry}
      />
    );
  }
  if (verification.state === 'running') {
    const { entries, total } = verification;
    return (
      <div className={classes.verification}>
        <Progress
          className={classes.progress}
          value={total === 0 ? 0 : (entries / total) * 100}
          aria-label="Entries verified"
        />
        <span className={classes.count}>
          {format.count(entries)} of {format.count(total)}
        </span>
        <Button size="compact-xs" variant="default" onClick={onStop}>
          Stop
        </Button>
      </div>
    );
  }
  return <Report report={verification.report} onOpen={onOpen} />;
}

const SHOWN = 10;

function Report({ report, onOpen }: { readonly report: AuditReport; onOpen: (seq: number) => void }) {
  const format = useFormat();
  const { ok, entries, verified_to, problems, problem_count, checkpoints, hmac_verified, restores, notes } =
    report;
  return (
    <div className={ok ? classes.whole : classes.broken} role={ok ? 'status' : 'alert'}>
      {ok ? <IconShieldCheck size={16} aria-hidden /> : <IconAlertOctagon size={16} aria-hidden />}
      <div className={classes.words}>
        <strong>
          {ok
            ? `${format.plural(entries, 'entry', 'entries')} verified${verified_to === null ? '' : ` to ${format.when(verified_to)}`}`
            : `Not verified: ${format.plural(problem_count, 'problem', 'problems')} in ${format.plural(entries, 'entry', 'entries')}`}
        </strong>
        <span className={classes.muted}>
          {' '}
          {format.plural(checkpoints, 'checkpoint', 'checkpoints')},{' '}
          {format.plural(hmac_verified, 'HMAC', 'HMACs')} checked
        </span>
        {problems.length > 0 && (
          <ul className={classes.problems}>
            {problems.slice(0, SHOWN).map(({ seq, message }, index) => (
              <li key={index}>
                {message}{' '}
                {seq !== null && (
                  <Button size="compact-xs" variant="default" onClick={() => onOpen(seq)}>
                    Open entry {format.count(seq)}
                  </Button>
                )}
              </li>
            ))}
            {problem_count > SHOWN && <li>… and {format.count(problem_count - SHOWN)} more.</li>}
          </ul>
        )}
        {!ok && (
          <p className={classes.muted}>
            Something other than Prompter changed the file. Nothing is repaired automatically: compare it with
            the backups beside the store, or with a checkpoint kept elsewhere.
          </p>
        )}
        {restores.map((restore) => (
          <p key={`${restore.restored_at} ${restore.log ?? ''}`} className={classes.muted}>
            {restoredInWords(restore, format.exactTime(restore.restored_at))}
          </p>
        ))}
        {notes.map((note) => (
          <p key={note} className={classes.muted}>
            {note}
          </p>
        ))}
      </div>
    </div>
  );
}
