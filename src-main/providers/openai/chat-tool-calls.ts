import type { JsonObject, RunToolCall } from '../../../src-shared/domain';
import { argumentsText, asCount, asObject, asObjects, asWord, isObject } from '../http';

/** A message's tool calls; in old servers' answers its one `function_call`. */
export function toolCallsOf(message: JsonObject): RunToolCall[] {
  const calls = asObjects(message['tool_calls']).map((call) => ({
    id: asWord(call['id']),
    ...calledFunction(isObject(call['custom']) ? call['custom'] : asObject(call['function'])),
  }));
  const only = message['function_call'];
  return calls.length === 0 && isObject(only) ? [{ id: null, ...calledFunction(only) }] : calls;
}

/** A custom tool takes a text, `input`, in place of arguments. */
function calledFunction(called: JsonObject): Pick<RunToolCall, 'name' | 'arguments'> {
  return {
    name: asWord(called['name']) ?? '',
    arguments: argumentsText(called['arguments'] ?? called['input']),
  };
}

/** A call as far as a stream has brought it. */
export interface PartialCall {
  readonly index: number;
  readonly call: JsonObject;
}

/** The calls with one more piece of a stream. A call's pieces share its index (docs/providers.md#streams). */
export function withToolCallPiece(calls: readonly PartialCall[], piece: JsonObject): PartialCall[] {
  const index = asCount(piece['index']);
  const at = calls.findLastIndex((call) => index === null || call.index === index);
  const known = calls[at];
  if (known === undefined || startsAnother(known.call, piece, index))
    return [...calls, { index: index ?? calls.length, call: joinCall({}, piece) }];
  return calls.with(at, { ...known, call: joinCall(known.call, piece) });
}

/** In the order of their indexes, which may have gaps. */
export function finishedCalls(calls: readonly PartialCall[]): JsonObject[] {
  return calls.toSorted((a, b) => a.index - b.index).map(({ call }) => call);
}

/** Some servers give all parallel calls the same index, or none; only a call's first piece names its function. */
function startsAnother(known: JsonObject, piece: JsonObject, index: number | null): boolean {
  if (functionName(piece) === null || functionName(known) === null) return false;
  const [before, now] = [asWord(known['id']), asWord(piece['id'])];
  return before === null || now === null ? index === null : before !== now;
}

function functionName(call: JsonObject): string | null {
  return asWord(asObject(call['function'])['name']) ?? asWord(asObject(call['custom'])['name']);
}

function joinCall(known: JsonObject, piece: JsonObject): JsonObject {
  const kind = isObject(piece['custom']) || isObject(known['custom']) ? 'custom' : 'function';
  return {
    id: asWord(known['id']) ?? piece['id'] ?? null,
    type: kind,
    [kind]: joinFunction(asObject(known[kind]), asObject(piece[kind])),
  };
}

/** Its name comes whole, its arguments in pieces. */
export function joinFunction(before: JsonObject, piece: JsonObject): JsonObject {
  const text = 'input' in before || 'input' in piece ? 'input' : 'arguments';
  return {
    name: asWord(before['name']) ?? piece['name'] ?? null,
    [text]: argumentsText(before[text]) + argumentsText(piece[text]),
  };
}
