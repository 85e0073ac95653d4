import type { Template } from '../../src-shared/domain';
import type { Core } from '../../src-main/ports';

type Compose = Core['runs']['compose'];

/** A request that is never built: the same for each template. */
export function fakeCompose(find: (templateId: string) => Template): Compose {
  return async ({ template_id = '', model_id }) => {
    const request_body = '{"model":"✓"}';
    return {
      connection_id: 'connection-0',
      provider: 'practice-openai',
      model_id: model_id ?? find(template_id).model_id,
      method: 'POST',
      url: 'http://127.0.0.1:1/v1/responses',
      headers: { 'content-type': 'application/json' },
      request_body,
      request_size: request_body.length,
    };
  };
}
