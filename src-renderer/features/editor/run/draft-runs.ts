import { create } from 'zustand';
import type { RetryWait, RunRequest } from '../../../../src-shared/domain';
import { readShownRun, writeShownRun } from '../../../drafts';
import { api, failureOf, type Failure } from '../../../rpc';

/** What is shown of running a document, and of which text: the template that was run. */
export type DraftRun =
  | { readonly phase: 'idle' }
  /** The text on screen is being stored as a trial. */
  | { readonly phase: 'storing' }
  | { readonly phase: 'streaming'; readonly template_id: string }
  /** The provider turned the call away; it is sent again. */
  | { readonly phase: 'waiting'; readonly template_id: string; readonly wait: RetryWait }
  /** `wait`: it was stopped before the call was sent again. */
  | { readonly phase: 'stopped'; readonly template_id: string; readonly wait: RetryWait | null }
  | { readonly phase: 'finished'; readonly template_id: string; readonly run_id: string }
  | { readonly phase: 'failed'; readonly template_id: string | null; readonly failure: Failure };

/** A call that is followed. Its document changes when the draft is frozen meanwhile. */
interface Follower {
  docId: string;
  text: string;
  /** Null until it is stored and being sent. */
  runId: string | null;
  isStopped: boolean;
  readonly control: AbortController;
  readonly listeners: Set<(text: string) => void>;
}

const IDLE: DraftRun = { phase: 'idle' };

/** Runs by document, beyond any screen: one goes on while another draft is edited. */
const runs = create<Readonly<Record<string, DraftRun>>>()(() => ({}));
const followers = new Map<string, Follower>();

export function useDraftRun(docId: string): DraftRun {
  return runs((state) => state[docId]) ?? shownBefore(docId);
}

const remembered = new Map<string, DraftRun>();

/** The run that was shown before a reload; one object per document, as React compares them. */
function shownBefore(docId: string): DraftRun {
  let run = remembered.get(docId);
  if (run === undefined) {
    const shown = readShownRun(docId);
    run = shown === null ? IDLE : { phase: 'finished', ...shown };
    remembered.set(docId, run);
  }
  return run;
}

function show(docId: string, run: DraftRun): void {
  runs.setState({ [docId]: run });
  if (run.phase === 'finished') writeShownRun(docId, { run_id: run.run_id, template_id: run.template_id });
}

/** Shows a run of before. */
export function showRun(docId: string, run: { readonly run_id: string; readonly template_id: string }): void {
  stopRun(docId);
  show(docId, { phase: 'finished', run_id: run.run_id, template_id: run.template_id });
}

/**
 * Runs a document: stores its text, where that is no template yet, and follows the answer.
 * @param stored the template to run; null where the draft is not valid, which its fields then say
 */
export async function startRun(
  docId: string,
  stored: () => Promise<string | null>,
  request: Partial<RunRequest>,
): Promise<void> {
  stopRun(docId);
  const follower: Follower = {
    docId,
    text: '',
    runId: null,
    isStopped: false,
    control: new AbortController(),
    listeners: new Set(),
  };
  followers.set(docId, follower);
  show(docId, { phase: 'storing' });
  let template_id: string | null = null;
  try {
    template_id = await stored();
    if (follower.isStopped) return;
    if (template_id === null) return show(follower.docId, IDLE);
    show(follower.docId, { phase: 'streaming', template_id });
    await followRun(follower, { ...request, template_id });
  } catch (error) {
    if (!follower.isStopped)
      show(follower.docId, { phase: 'failed', template_id, failure: failureOf(error) });
  } finally {
    if (followers.get(follower.docId) === follower) followers.delete(follower.docId);
  }
}

async function followRun(
  follower: Follower,
  input: Partial<RunRequest> & { readonly template_id: string },
): Promise<void> {
  let frame = 0;
  const draw = (): void => {
    frame = 0;
    for (const listener of follower.listeners) listener(follower.text);
  };
  const { signal } = follower.control;
  for await (const event of await api.runs.stream({ ...input, stream: true }, { signal })) {
    if (event.type === 'started') {
      follower.runId = event.run_id;
      if (follower.isStopped) return endRun(follower);
      // After a reload it is found again, whether it has ended or not.
      writeShownRun(follower.docId, { run_id: event.run_id, template_id: input.template_id });
    } else if (event.type === 'run') {
      const { run_id, template_id } = event.run;
      show(follower.docId, { phase: 'finished', run_id, template_id });
    } else if (event.type === 'retry') {
      const { type: _, ...wait } = event;
      show(follower.docId, { phase: 'waiting', template_id: input.template_id, wait });
    } else {
      if (runs.getState()[follower.docId]?.phase === 'waiting')
        show(follower.docId, { phase: 'streaming', template_id: input.template_id });
      follower.text += event.text;
      frame ||= requestAnimationFrame(draw);
    }
  }
}

/** A run whose id is not known yet ends as soon as it is. */
function endRun({ runId, control }: Follower): void {
  if (runId === null) return;
  // Where the server is gone, so is the call.
  void api.runs.stop({ run_id: runId }).catch(() => undefined);
  control.abort();
}

/** Ends the run that is under way for a document. */
export function stopRun(docId: string): void {
  const follower = followers.get(docId);
  if (!follower) return;
  follower.isStopped = true;
  endRun(follower);
  followers.delete(docId);
  const state = runs.getState()[docId];
  if (state?.phase === 'streaming' || state?.phase === 'waiting') {
    stopped.set(docId, follower.text);
    const wait = state.phase === 'waiting' && !isDue(state.wait) ? state.wait : null;
    show(docId, { phase: 'stopped', template_id: state.template_id, wait });
  } else show(docId, IDLE);
}

/** Whether the call has been sent again by now. */
export function isDue({ retry_at }: RetryWait): boolean {
  return Date.parse(retry_at) <= Date.now();
}

/** What had arrived of calls that are no longer followed. */
const stopped = new Map<string, string>();

/** After a freeze: what was shown beside the draft is shown beside the version. */
export function moveRun(from: string, to: string): void {
  const follower = followers.get(from);
  const text = stopped.get(from);
  if (follower) {
    follower.docId = to;
    followers.delete(from);
    followers.set(to, follower);
  }
  if (text !== undefined) stopped.set(to, text);
  const run = runs.getState()[from] ?? shownBefore(from);
  if (run.phase !== 'idle') show(to, run);
  forgetRun(from);
}

/** Shows nothing beside this document: its draft is gone. */
export function forgetRun(docId: string): void {
  stopRun(docId);
  stopped.delete(docId);
  remembered.delete(docId);
  writeShownRun(docId, null);
  runs.setState({ [docId]: IDLE });
}

/** Gives the text so far, then as it grows, once per frame and past React. Returns the unsubscribe function. */
export function followText(docId: string, listener: (text: string) => void): () => void {
  const follower = followers.get(docId);
  listener(follower?.text ?? stopped.get(docId) ?? '');
  follower?.listeners.add(listener);
  return () => {
    follower?.listeners.delete(listener);
  };
}
