import type { JsonObject } from '../../../src-shared/domain';
import { statusIn } from './error-body';
import { asObject, asObjects, isObject } from './json-read';
import type { Maybe } from './json-read';

/** Lists whose items may carry their own error. */
const LISTS = ['choices', 'candidates'];
/** The parts of an answer: alongside any of these, only an explicit error says that something went wrong. */
const ANSWER_FIELDS = [...LISTS, 'output', 'content'];

/**
 * The error that an answer or a stream chunk reports despite a success status; null if there is none. An error outranks
 * anything beside it: a text, an empty choice, a finish reason.
 */
export function errorIn(json: JsonObject): JsonObject | null {
  if (json['object'] === 'error' || json['type'] === 'error') return json;
  for (const field of ['error', 'errors']) {
    const error = json[field];
    if (!isError(error)) continue;
    if (!ANSWER_FIELDS.some((name) => name in json)) return json;
    const { request_id = null } = json;
    return { [field]: error ?? null, request_id };
  }
  // Without an error field, an error status says it.
  if (!ANSWER_FIELDS.some((name) => isSet(json[name])) && statusIn(json) !== null) return json;
  for (const item of LISTS.flatMap((name) => asObjects(json[name]))) {
    for (const place of [item, asObject(item['message']), asObject(item['delta'])]) {
      if (isError(place['error'])) return { error: place['error'] ?? null };
    }
  }
  return isObject(json['response']) ? errorIn(json['response']) : null;
}

function isSet(value: Maybe): boolean {
  return value !== undefined && value !== null;
}

/** Servers that write every field express "no error" as a null, an empty text or list, or a zero. */
function isError(value: Maybe): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}
