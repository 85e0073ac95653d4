import type { RunToolCall } from './run';

/** What an answer came to: its text, the tools that it calls, or both. */
export interface AnswerOutput {
  readonly output_text: string | null;
  readonly tool_calls: readonly Pick<RunToolCall, 'name' | 'arguments'>[] | null;
}

/** An output as one text, for lists and terminals: its calls follow, one a line. Null if there is none. */
export function shownOutput({ output_text, tool_calls }: AnswerOutput): string | null {
  if (tool_calls === null || tool_calls.length === 0) return output_text;
  const calls = tool_calls.map((call) => `${call.name}(${call.arguments})`);
  return [...(output_text ? [output_text] : []), ...calls].join('\n');
}

/** An output as JSON, to be compared by its structure: arguments are JSON where they can be, as they were written. */
export function outputAsJson({ output_text, tool_calls }: AnswerOutput): string {
  const calls = (tool_calls ?? []).map(
    (call) => `{"name":${JSON.stringify(call.name)},"arguments":${argumentsAsJson(call.arguments)}}`,
  );
  return `{"text":${JSON.stringify(output_text)},"tool_calls":[${calls.join(',')}]}`;
}

function argumentsAsJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
