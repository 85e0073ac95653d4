import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import { mostTrialCalls, openDialectFields } from '../../../src-shared/domain';
import type { Connection, ConnectionTest, DialectTrial, Provider } from '../../../src-shared/domain';
import { failureOf } from '../../rpc';
import { FailureView, Note, Section, useFormat } from '../../ui';
import classes from './providers.module.css';

interface TestSectionProps {
  readonly connection: Connection;
  readonly provider: Provider | undefined;
  readonly test: { readonly error: Error | null; readonly data: ConnectionTest | undefined };
}

/** Explains the test before it is run, and shows the last result. */
export function TestSection({ connection, provider, test }: TestSectionProps) {
  const most = provider ? mostTrialCalls(openDialectFields(connection, provider)) : 0;
  return (
    <Section title="Test">
      {test.error ? (
        <FailureView inline title="The test could not run" {...failureOf(test.error)} />
      ) : test.data ? (
        <TestResult test={test.data} />
      ) : (
        <LastTest connection={connection} />
      )}
      <Note small>
        {most > 0
          ? `A test lists the models, then sends up to ${most} short calls to find out what the server supports.`
          : 'A test only lists the models, which costs nothing.'}
      </Note>
    </Section>
  );
}

/** The steps, each with its wording per result. */
const STEPS = [
  ['network', { done: 'Reached the server', failed: 'Server not reached', open: 'Server not tried' }],
  ['authorised', { done: 'Key accepted', failed: 'Key not accepted', open: 'Key not tried' }],
  ['models', { done: 'Models listed', failed: 'Models not listed', open: 'Models not requested' }],
] as const;

function TestResult({ test }: { readonly test: ConnectionTest }) {
  const format = useFormat();
  const failedAt = STEPS.findIndex(([step]) => !test.reached.includes(step));
  return (
    <div role="status">
      <ol className={classes.steps}>
        {STEPS.map(([step, words], index) => {
          const done = test.reached.includes(step);
          const failed = !test.ok && index === failedAt;
          const state = done ? 'done' : failed ? 'failed' : 'open';
          return (
            <li key={step} data-state={state}>
              {done ? (
                <IconCircleCheck size={16} aria-hidden />
              ) : failed ? (
                <IconCircleX size={16} aria-hidden />
              ) : (
                <IconCircleDashed size={16} aria-hidden />
              )}
              {words[state]}
              {step === 'models' && done && test.models !== null && (
                <span className={classes.rowNote}>{format.count(test.models)}</span>
              )}
            </li>
          );
        })}
      </ol>
      <p className={test.ok ? classes.rowNote : classes.problem}>
        {test.message} {test.latency_ms !== null && `(${format.duration(test.latency_ms)})`}
      </p>
      {test.trial && <Trial trial={test.trial} />}
    </div>
  );
}

function Trial({ trial }: { readonly trial: DialectTrial }) {
  const format = useFormat();
  return (
    <Note small>
      {trial.message}
      {trial.calls > 0 && ` (${format.plural(trial.calls, 'call', 'calls')} to ${trial.model_id ?? ''})`}
    </Note>
  );
}

function LastTest({ connection }: { readonly connection: Connection }) {
  const format = useFormat();
  if (!connection.last_test_at) return <Note small>Not tested yet.</Note>;
  return (
    <p className={connection.last_test_ok ? classes.rowNote : classes.problem}>
      {format.when(connection.last_test_at)}: {connection.last_test_message ?? ''}
    </p>
  );
}
