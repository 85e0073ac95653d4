import type { SentContent, SentMessage } from '../../src-shared/domain';
import type { CallContent, CallMessage, CallPart, CallRequest } from '../ports';
import type { RunPlan } from './plan';

/** The bytes of a stored file, in Base64. */
export type Base64Of = (assetSha256: string) => string;

/** As much of a plan as its provider is asked. */
export type AskedPlan = Pick<RunPlan, 'endpoint' | 'prompt' | 'inferenceParams' | 'search' | 'stream'> & {
  readonly run: Pick<RunPlan['run'], 'model_id'>;
  readonly template: Pick<RunPlan['template'], 'response_schema'>;
};

/** What a run asks of its provider. */
export function callRequest(plan: AskedPlan, base64Of: Base64Of): CallRequest {
  return {
    endpoint: plan.endpoint,
    modelId: plan.run.model_id,
    messages: callMessages(plan.prompt.messages, base64Of),
    tools: plan.prompt.tools,
    toolChoice: plan.prompt.tool_choice,
    inferenceParams: plan.inferenceParams,
    responseSchema: plan.template.response_schema,
    search: plan.search,
    stream: plan.stream,
  };
}

export function callMessages(messages: readonly SentMessage[], base64Of: Base64Of): CallMessage[] {
  const tools = new Map(
    messages.flatMap((message) =>
      message.role === 'assistant'
        ? (message.tool_calls ?? []).map(({ id, name }): [string, string] => [id, name])
        : [],
    ),
  );
  return messages.map((message): CallMessage => {
    const content = callContent(message.content, base64Of);
    switch (message.role) {
      case 'assistant':
        return { role: 'assistant', content, toolCalls: message.tool_calls ?? [] };
      case 'tool': {
        const toolName = tools.get(message.tool_call_id);
        if (toolName === undefined) throw new Error(`no call has the id ${message.tool_call_id}`);
        return { role: 'tool', content, toolCallId: message.tool_call_id, toolName };
      }
      default:
        return { role: message.role, content };
    }
  });
}

function callContent(content: SentContent, base64Of: Base64Of): CallContent {
  if (typeof content === 'string') return content;
  return content.map((part): CallPart =>
    part.type === 'text'
      ? part
      : {
          type: part.type,
          mediaType: part.media_type,
          name: part.name,
          base64: base64Of(part.asset_sha256),
        },
  );
}
