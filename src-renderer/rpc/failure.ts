import { ORPCError } from '@orpc/client';
import { isRecord } from '../../src-shared/domain';

/** One bad field: `path` as in `inference_params.temperature`. */
interface FieldFailure {
  readonly path: string;
  readonly message: string;
}

/** Anything thrown, reduced to what a user can read and report. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly fields: readonly FieldFailure[];
  /** Id of the core's log entry, if this is a fault of the core. */
  readonly incident: string | null;
  /** Whether the core answered at all. */
  readonly answered: boolean;
}

/** Converts an error of the core, the network or this program. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError) {
    const data = isRecord(error.data) ? error.data : {};
    const incident = typeof data['incident_id'] === 'string' ? data['incident_id'] : null;
    return {
      code: error.code,
      message: error.message,
      data,
      fields: fieldsOf(data),
      incident,
      answered: true,
    };
  }
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) {
    return {
      code: 'UNREACHABLE',
      message: 'Prompter is not responding.',
      data: {},
      fields: [],
      incident: null,
      answered: false,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'UNEXPECTED', message, data: {}, fields: [], incident: null, answered: false };
}

interface TitledFailure extends Failure {
  readonly title: string;
  readonly safe?: string;
}

/**
 * The failure of a change or a send. Only an answer proves that nothing happened: without one, it may have gone
 * through.
 */
export function changeFailure(failure: Failure, refused: string, safe?: string): TitledFailure {
  // The core says so itself where it refuses before sending.
  const isSaid = /nothing was sent/i.test(failure.message);
  return failure.answered
    ? { ...failure, title: refused, ...(!isSaid && { safe }) }
    : { ...failure, title: 'The outcome is unknown', safe: LOOK_FIRST };
}

/** In one line, for the status bar. */
export function changeNotice(error: unknown, refused: string): string {
  const { answered, message } = failureOf(error);
  return answered ? `${refused}: ${message}` : `${message} ${LOOK_FIRST}`;
}

const LOOK_FIRST = 'It may have gone through. Check before you retry.';

function fieldsOf(data: Readonly<Record<string, unknown>>): FieldFailure[] {
  const { fields } = data;
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field: unknown) =>
    isRecord(field) && typeof field['path'] === 'string' && typeof field['message'] === 'string'
      ? [{ path: field['path'], message: field['message'] }]
      : [],
  );
}
