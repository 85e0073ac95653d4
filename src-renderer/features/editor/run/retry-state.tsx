import { IconHourglass } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { FAILURE_WORDS, type RetryWait } from '../../../../src-shared/domain';
import { retryInWords } from './retry-words';
import classes from '../editor.module.css';

/** Why a run waits, for which call, and until when: the server says, and the seconds are counted down here. Stop is above. */
export function RetryState({ wait }: { readonly wait: RetryWait }) {
  const seconds = useSecondsUntil(wait.retry_at);
  return (
    <div className={classes.retry}>
      {/* Not the seconds: they would be read out one after the other. */}
      <span className="visually-hidden" role="status">
        {FAILURE_WORDS[wait.failure_code]}. {retryInWords(wait, null)}
      </span>
      <p>
        <IconHourglass size={14} aria-hidden />
        <strong title={wait.failure_code}>{FAILURE_WORDS[wait.failure_code]}.</strong>
        {retryInWords(wait, seconds)}
      </p>
      <p className={classes.note}>{wait.failure_message}</p>
    </div>
  );
}

const secondsUntil = (iso: string): number => Math.max(0, Math.ceil((Date.parse(iso) - Date.now()) / 1000));

function useSecondsUntil(iso: string): number {
  const [seconds, setSeconds] = useState(() => secondsUntil(iso));
  useEffect(() => {
    const count = (): void => setSeconds(secondsUntil(iso));
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [iso]);
  return seconds;
}
