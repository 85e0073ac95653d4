import * as z from 'zod';
import {
  budgetChangeSchema,
  budgetStandingSchema,
  costsAnswerSchema,
  errorsAnswerSchema,
  insightQuerySchema,
  latencyQuerySchema,
  latencyAnswerSchema,
  storageAnswerSchema,
  tokensAnswerSchema,
  unstackedQuerySchema,
} from '../domain';
import { route } from './base';

const tag = 'insight';
const budgetsOutput = z.object({ items: z.array(budgetStandingSchema) });

export const insightContract = {
  costs: route('GET', '/insight/costs', { summary: 'Cost by day, template, model or connection', tag })
    .input(insightQuerySchema)
    .output(costsAnswerSchema),
  latency: route('GET', '/insight/latency', { summary: 'P50 and P95 of latency', tag })
    .input(latencyQuerySchema)
    .output(latencyAnswerSchema),
  errors: route('GET', '/insight/errors', { summary: 'Runs by outcome', tag })
    .input(unstackedQuerySchema)
    .output(errorsAnswerSchema),
  tokens: route('GET', '/insight/tokens', { summary: 'Tokens used', tag })
    .input(unstackedQuerySchema)
    .output(tokensAnswerSchema),
  storage: route('GET', '/insight/storage', { summary: 'Growth of the stored answers', tag })
    .input(
      insightQuerySchema
        .omit({ stack_by: true, stack_top: true, workspace_id: true, simulated: true })
        .extend({
          group_by: insightQuerySchema.shape.group_by.unwrap().extract(['day', 'hour']).default('day'),
        }),
    )
    .output(storageAnswerSchema),
  budgets: route('GET', '/budgets', {
    summary: "Each workspace's budget for this month and what it has spent",
    tag,
  }).output(budgetsOutput),
  /** @throws NOT_FOUND where there is no such workspace */
  setBudget: route('PUT', '/budgets', { summary: "Set or remove a workspace's monthly budget", tag })
    .input(budgetChangeSchema)
    .output(budgetsOutput),
};
