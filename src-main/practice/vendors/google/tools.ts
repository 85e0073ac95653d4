import type { OfferedTool, ToolCall, ToolOffer } from '../../answers/tool-calls';
import { jsonChars, listOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';

/** The functions that a request declares, in all its tools. */
export function functionsOf(body: WireRecord): WireRecord[] {
  return listOf(body['tools'])
    .flatMap((tool) => listOf(recordOf(tool)['functionDeclarations']))
    .map(recordOf);
}

export function toolOffer(body: WireRecord, contents: readonly WireRecord[]): ToolOffer {
  const { mode, allowedFunctionNames } = recordOf(recordOf(body['toolConfig'])['functionCallingConfig']);
  const allowed = listOf(allowedFunctionNames);
  const tools = functionsOf(body).flatMap((tool): OfferedTool[] => {
    const name = textOf(tool['name']);
    const parameters = tool['parametersJsonSchema'] ?? tool['parameters'];
    return name === undefined ? [] : [{ name, parameters }];
  });
  const only = allowed.length === 1 ? textOf(allowed[0]) : undefined;
  return {
    tools: mode === 'ANY' && allowed.length > 0 ? tools.filter(({ name }) => allowed.includes(name)) : tools,
    choice:
      mode === 'NONE' ? 'none' : mode !== 'ANY' ? 'auto' : only === undefined ? 'required' : { name: only },
    isParallel: true,
    result: toolResult(contents.at(-1)),
  };
}

/** What the functions answered, if the request ends with that. */
function toolResult(last: WireRecord | undefined): string | undefined {
  const results = partsWith(last?.['parts'], 'functionResponse').map(({ response }) => {
    const { result, output } = recordOf(response);
    return textOf(result) ?? textOf(output) ?? JSON.stringify(response ?? {});
  });
  return results.length === 0 ? undefined : results.join('\n');
}

/** Characters of calls and results, which have no `text` of their own. */
export function toolChars(parts: unknown): number {
  const calls = partsWith(parts, 'functionCall').map(({ args }) => jsonChars(args));
  const results = partsWith(parts, 'functionResponse').map(({ response }) => jsonChars(response));
  return [...calls, ...results].reduce((sum, chars) => sum + chars, 0);
}

function partsWith(parts: unknown, field: string): WireRecord[] {
  return listOf(parts)
    .map(recordOf)
    .filter((part) => field in part)
    .map((part) => recordOf(part[field]));
}

/** Gemini signs the thought behind the first call of an answer. */
export function callParts(calls: readonly ToolCall[]): object[] {
  return calls.map(({ hex, name, args }, index) => ({
    functionCall: { name, args },
    ...(index === 0 ? { thoughtSignature: Buffer.from(hex, 'hex').toString('base64') } : {}),
  }));
}
