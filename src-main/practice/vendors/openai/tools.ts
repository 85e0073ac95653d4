import type { OfferedTool, ToolCall, ToolOffer } from '../../answers/tool-calls';
import { listOf, recordOf, textOf } from '../wire-value';
import type { WireRecord } from '../wire-value';

/** Chat wraps a function's definition in `function`; Responses does not. */
export function openAiTools(
  body: WireRecord,
  form: 'wrapped' | 'flat',
  result: string | undefined,
): ToolOffer {
  const definition = (value: unknown): WireRecord =>
    form === 'wrapped' ? recordOf(recordOf(value)['function']) : recordOf(value);
  const tools = listOf(body['tools'])
    .filter((tool) => recordOf(tool)['type'] === 'function')
    .map(definition)
    .flatMap((tool): OfferedTool[] => {
      const name = textOf(tool['name']);
      return name === undefined ? [] : [{ name, parameters: tool['parameters'] }];
    });
  const choice = body['tool_choice'];
  const name = textOf(definition(choice)['name']);
  return {
    tools,
    choice: choice === 'none' || choice === 'required' ? choice : name === undefined ? 'auto' : { name },
    isParallel: body['parallel_tool_calls'] !== false,
    result,
  };
}

export function callId({ hex }: ToolCall): string {
  return `call_${hex}`;
}
