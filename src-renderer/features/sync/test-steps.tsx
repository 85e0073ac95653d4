import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import { SYNC_STEPS, type SyncTest, type TeamTls } from '../../../src-shared/contract';
import { STEP_LABELS } from './labels';
import classes from './sync.module.css';

/** A connection test step by step: passed, failed, not tried; and what to do. */
export function TestSteps({ test, tls }: { readonly test: SyncTest; readonly tls: TeamTls }) {
  const steps = SYNC_STEPS.filter((step) => step !== 'tls' || tls !== 'off');
  const failedAt = steps.findIndex((step) => !test.reached.includes(step));
  return (
    <div role="status">
      <ol className={classes.steps}>
        {steps.map((step, index) => {
          const state = test.reached.includes(step) ? 'done' : index === failedAt ? 'failed' : 'open';
          const Icon =
            state === 'done' ? IconCircleCheck : state === 'failed' ? IconCircleX : IconCircleDashed;
          const words = step === 'tls' && tls === 'unverified' ? 'Encrypted' : STEP_LABELS[step];
          return (
            <li key={step} data-state={state}>
              <Icon size={16} aria-hidden />
              {words}
              <span className="visually-hidden">{SAID[state]}</span>
            </li>
          );
        })}
      </ol>
      <p className={test.ok ? classes.note : classes.problem}>{test.message}</p>
    </div>
  );
}

const SAID = { done: ': done', failed: ': failed', open: ': not tried' } as const;
