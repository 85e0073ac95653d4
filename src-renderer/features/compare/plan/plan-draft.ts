import * as z from 'zod';
import { DRIFT_POLICIES, variablesSchema } from '../../../../src-shared/domain';
import type { Plan } from './plan';

const KEY = 'prompter.comparison-plan';

const storedPlanSchema = z.object({
  templateId: z.string().nullable(),
  name: z.string(),
  targets: z
    .array(
      z.object({
        templateId: z.string().nullable().default(null),
        label: z.string().nullable().default(null),
        connectionId: z.string().nullable(),
        model: z.string(),
        params: z.string().default(''),
      }),
    )
    .min(1),
  vary: z.string().default(''),
  inputs: z.array(variablesSchema).min(1),
  replicates: z.number().int().min(1).max(1000),
  concurrency: z.number().int().min(1).max(512).nullable(),
  stream: z.boolean(),
  budget: z.string(),
  driftPolicy: z.enum(DRIFT_POLICIES).default('record'),
  isSample: z.boolean().default(false),
});
type StoredPlan = z.infer<typeof storedPlanSchema>;

/** This tab's unfinished plan from before a reload or navigation. */
export function readPlan(): StoredPlan | null {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return null;
  try {
    const parsed = storedPlanSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function writePlan(plan: Plan): void {
  const {
    template,
    name,
    targets,
    vary,
    inputs,
    replicates,
    concurrency,
    stream,
    budget,
    driftPolicy,
    isSample,
  } = plan;
  const stored: StoredPlan = {
    templateId: template?.template_id ?? null,
    name,
    targets: targets.map(({ key: _key, ...target }) => target),
    vary,
    inputs: [...inputs],
    replicates,
    concurrency,
    stream,
    budget,
    driftPolicy,
    isSample,
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(stored));
  } catch {
    // Too many rows for the tab's storage: forget the older plan rather than restore it later by mistake.
    forgetPlan();
  }
}

function forgetPlan(): void {
  sessionStorage.removeItem(KEY);
}
