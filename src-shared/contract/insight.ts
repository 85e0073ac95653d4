import {
  costsAnswerSchema,
  errorsAnswerSchema,
  insightQuerySchema,
  latencyAnswerSchema,
  storageAnswerSchema,
  tokensAnswerSchema,
} from '../domain';
import { route } from './base';

const tag = 'insight';

export const insightContract = {
  costs: route('GET', '/insight/costs', { summary: 'Cost by day, template, model or connection', tag })
    .input(insightQuerySchema)
    .output(costsAnswerSchema),
  latency: route('GET', '/insight/latency', { summary: 'P50 and P95 of latency', tag })
    .input(insightQuerySchema)
    .output(latencyAnswerSchema),
  errors: route('GET', '/insight/errors', { summary: 'How runs ended', tag })
    .input(insightQuerySchema)
    .output(errorsAnswerSchema),
  tokens: route('GET', '/insight/tokens', { summary: 'Tokens used', tag })
    .input(insightQuerySchema)
    .output(tokensAnswerSchema),
  storage: route('GET', '/insight/storage', { summary: 'Growth of the stored answers', tag })
    .input(
      insightQuerySchema.omit({ stack_by: true, workspace_id: true, simulated: true }).extend({
        group_by: insightQuerySchema.shape.group_by.unwrap().extract(['day', 'hour']).default('day'),
      }),
    )
    .output(storageAnswerSchema),
};
