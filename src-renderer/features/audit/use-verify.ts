import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditReport } from '../../../src-shared/contract';
import { api, failureOf, type Failure } from '../../rpc';

export type Verification =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly entries: number; readonly total: number }
  | { readonly state: 'done'; readonly report: AuditReport }
  | { readonly state: 'failed'; readonly failure: Failure };

/** Verifies the whole log with live progress; leaving the screen stops it. */
export function useVerify(): { verification: Verification; verify: () => void; stop: () => void } {
  const [verification, setVerification] = useState<Verification>({ state: 'idle' });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const verify = useCallback(() => {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setVerification({ state: 'running', entries: 0, total: 0 });
    follow(control.signal, setVerification).catch((error: unknown) => {
      if (!control.signal.aborted) setVerification({ state: 'failed', failure: failureOf(error) });
    });
  }, []);
  const stop = useCallback(() => {
    running.current?.abort();
    setVerification({ state: 'idle' });
  }, []);
  return { verification, verify, stop };
}

async function follow(signal: AbortSignal, report: (verification: Verification) => void): Promise<void> {
  const events = await api.audit.verifyEvents(undefined, { signal });
  for await (const event of events) {
    if (signal.aborted) return;
    report(
      event.type === 'done'
        ? { state: 'done', report: event.report }
        : { state: 'running', entries: event.entries, total: event.total },
    );
  }
}
