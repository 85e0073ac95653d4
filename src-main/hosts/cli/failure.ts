import { ORPCError } from '@orpc/contract';
import * as z from 'zod';
import { isAppError } from '../../../src-shared/domain';
import { isOwnerClosed } from './attach/owner-closed';
import { inert, jsonLine, type Terminal } from './terminal';

/** 0 done · 1 failed · 2 usage error · 3 refused by a rule (docs/interfaces.md#command-line). */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly data: unknown;
  readonly exitCode: ExitCode;
  /** What to do, where the code alone does not tell. */
  readonly advice?: string;
}

const USAGE = Symbol('prompter.cli.usage');

/** The message says how to use the command correctly. */
export function usageError(message: string): Error {
  return Object.assign(new Error(message), { [USAGE]: true });
}

const BATCH = Symbol('prompter.cli.batch');

/** The same failure, after which a comparison is to be resumed. */
export function resumable(error: Error, batchId: string): Error {
  return Object.assign(error, { [BATCH]: batchId });
}

const EXIT_CODES: Readonly<Record<string, ExitCode>> = {
  VALIDATION_FAILED: 2,
  UNKNOWN_PARAMETER: 2,
  MISSING_VARIABLE: 2,
  TEMPLATE_SYNTAX: 2,
  RENDER_LIMIT: 2,
  PROVIDER_UNKNOWN: 2,
  TEMPLATE_DUPLICATE: 3,
  IDEMPOTENCY_KEY_REUSED: 3,
  CONNECTION_NAME_TAKEN: 3,
  VERSION_MISMATCH: 3,
  BUDGET_EXCEEDED: 3,
  GROUNDING_UNSUPPORTED: 3,
  ALS_UNSUPPORTED: 3,
  CONSTRAINT_FROZEN: 3,
  TEMPLATE_IS_TRIAL: 3,
  TEMPLATE_LABELLED: 3,
  PROMPT_INACTIVE: 3,
  PROMPT_AMBIGUOUS: 2,
  APPROVAL_REQUIRED: 3,
  APPROVAL_STATE: 3,
  REVIEW_STATE: 3,
};

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  STORE_LOCKED: 'To use another store in the meantime, set PROMPTER_HOME to another folder.',
  NO_CONNECTION: 'To try it without a key, use a practice model: practice-openai:gpt-4o',
  CREDENTIAL_MISSING: 'To enter a key: prompter connections set-secret NAME --key-stdin',
  MISSING_VARIABLE:
    'Give each variable with --var NAME=VALUE or --vars FILE; in a comparison, as a column of --inputs.',
  TEMPLATE_DUPLICATE: 'Use the existing template, change this one, or use another workspace.',
  TEMPLATE_LABELLED:
    'To move a label: prompter templates label OTHER_TEMPLATE LABEL. To remove it: prompter templates label TEMPLATE LABEL --remove',
  PROMPT_INACTIVE: 'To use it again: prompter prompts activate PROMPT_ID',
  APPROVAL_REQUIRED: 'To request it: prompter templates label TEMPLATE LABEL --request --by NAME',
  REVIEW_STATE: 'To see its review: prompter review show RUN_ID',
  SYNC_STATE: 'To see the sync status: prompter sync status',
  TEAM_UNREACHABLE:
    'Nothing is lost: everything is in the local store and is pushed when the database is back.',
  BATCH_STATE: 'To see its status: prompter batch get BATCH_ID',
};

/** The command that lists what was not found. */
const LISTS: Readonly<Record<string, string>> = {
  template: 'templates list',
  prompt: 'prompts list',
  comparison: 'batch list',
  connection: 'connections list',
  run: 'runs list',
};
const notFoundSchema = z.object({ what: z.string() });

function hintFor({ code, data }: Failure): string | undefined {
  const missing = code === 'NOT_FOUND' ? notFoundSchema.safeParse(data).data : undefined;
  const list = missing && LISTS[missing.what];
  return list === undefined ? WHAT_TO_DO[code] : `To see what there is: prompter ${list}`;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError || isAppError(error)) {
    const { code, message, data } = error;
    return { code, message, data, exitCode: EXIT_CODES[code] ?? 1 };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && USAGE in error) return { code: 'WRONG_USE', message, data: {}, exitCode: 2 };
  if (isOwnerClosed(error)) return closedFailure(error);
  if (error instanceof Error && 'syscall' in error) {
    // A file or a port: the system's own message names it.
    return { code: 'FILE_ERROR', message, data: {}, exitCode: 1 };
  }
  return { code: 'INTERNAL_ERROR', message: `${message} (a bug in Prompter)`, data: {}, exitCode: 1 };
}

function closedFailure(error: Error): Failure {
  const batch_id = BATCH in error && typeof error[BATCH] === 'string' ? error[BATCH] : null;
  const advice =
    batch_id === null
      ? 'To see what was stored before you repeat a call: prompter runs list'
      : `To resume:\n  prompter compare --resume ${batch_id}`;
  const data = batch_id === null ? {} : { batch_id };
  return { code: 'APP_CLOSED', message: error.message, data, exitCode: 1, advice };
}

/** Prints the failure: for people what happened and what to do, with `--json` one document. */
export function report(failure: Failure, terminal: Terminal, json: boolean): void {
  const { code, message, data } = failure;
  if (json) {
    terminal.out(jsonLine({ error: { code, message, data } }));
    return;
  }
  const hint = failure.advice ?? hintFor(failure);
  terminal.err(`error: ${inert(message)}\n${hint === undefined ? '' : `${hint}\n`}`);
}
