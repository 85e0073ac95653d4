import { isCanonicalError } from './canonical-error';
import { canonicalJson } from './json';
import { canonicalText } from './text';
import { canonicalJsonOfValue } from './write-json';

/** A call that an answer asks for, its arguments as the provider wrote them. */
export interface CalledTool {
  readonly name: string;
  /** JSON text, or what the provider sent instead. */
  readonly arguments: string;
}

/**
 * The canonical form of an answer that calls tools (docs/canonical.md#answers-that-call-tools). Calls keep their order;
 * the ids that providers make up are left out.
 */
export function canonicalToolOutput(text: string | null, calls: readonly CalledTool[]): string {
  const kept = canonicalText(text ?? '');
  const written = calls.map(
    (call) =>
      `{"arguments":${canonicalArguments(call.arguments)},"name":${canonicalJsonOfValue(call.name.toWellFormed())}}`,
  );
  return `{"text":${kept === '' ? 'null' : canonicalJsonOfValue(kept)},"tool_calls":[${written.join(',')}]}`;
}

/** The JSON that the text is, in exact decimals; the text itself, as a string, where it is none. */
function canonicalArguments(text: string): string {
  try {
    return canonicalJson(text);
  } catch (error) {
    if (!isCanonicalError(error)) throw error;
    return canonicalJsonOfValue(text.toWellFormed());
  }
}
