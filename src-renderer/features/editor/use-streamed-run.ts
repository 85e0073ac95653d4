import { useEffect, useRef, useState, type RefObject } from 'react';
import type { RunRequest } from '../../../src-shared/domain';
import { api, failureOf, type Failure } from '../../rpc';

type RunInput = Partial<RunRequest> & { readonly template_id: string };

interface StreamedRun {
  readonly phase: 'idle' | 'streaming' | 'stopped' | 'finished';
  readonly finished: { readonly run_id: string } | null;
  readonly failure: Failure | null;
  /** Streamed text is written here directly, once per frame, bypassing React. */
  readonly output: RefObject<HTMLPreElement | null>;
  start(input: RunInput): void;
  stop(): void;
  show(runId: string): void;
}

interface RunState {
  readonly phase: StreamedRun['phase'];
  readonly finished: { readonly run_id: string } | null;
  readonly failure: Failure | null;
}

const IDLE: RunState = { phase: 'idle', finished: null, failure: null };

/** Runs a template and streams its text. */
export function useStreamedRun(): StreamedRun {
  const [state, setState] = useState<RunState>(IDLE);
  const output = useRef<HTMLPreElement>(null);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const start = (input: RunInput): void => {
    abort.current?.abort();
    const control = new AbortController();
    abort.current = control;
    setState({ ...IDLE, phase: 'streaming' });
    void follow(input, control.signal);
  };

  async function follow(input: RunInput, signal: AbortSignal): Promise<void> {
    let text = '';
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      if (output.current) output.current.textContent = text;
    };
    try {
      for await (const event of await api.runs.stream(input, { signal })) {
        if (event.type === 'run') {
          setState({ phase: 'finished', finished: event.run, failure: null });
        } else {
          text += event.text;
          frame ||= requestAnimationFrame(draw);
        }
      }
    } catch (error) {
      if (!signal.aborted) setState({ ...IDLE, failure: failureOf(error) });
    }
  }

  return {
    ...state,
    output,
    start,
    stop: () => {
      abort.current?.abort();
      setState({ ...IDLE, phase: 'stopped' });
    },
    show: (runId) => setState({ phase: 'finished', finished: { run_id: runId }, failure: null }),
  };
}
