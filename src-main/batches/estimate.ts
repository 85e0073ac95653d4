import {
  cellTotal,
  parameterDoubts,
  usdFromPicodollars,
  type BatchEstimate,
  type BatchRequest,
  type FoundTarget,
  type Template,
} from '../../src-shared/domain';
import { expectedCost, outputLimit, paramsOf, renderFor, type Pricing } from '../runs';
import { batchInput, type BatchRecord, type ReadDb } from '../store';
import { unreadVariables } from './cells';
import type { Column } from './columns';

interface PricedColumn {
  readonly template: Template;
  readonly target: FoundTarget;
}

type EstimatedColumn = PricedColumn & Pick<Column, 'connection'>;

/** Sample size: the plan's first inputs represent all of them. */
const SAMPLED_INPUTS = 50;

/**
 * Calls and cost of a batch before it runs: input tokens from the rendered prompts (bytes / 4), output tokens from the
 * token limit, or 500. The cost is null if a column has no known price.
 */
export function estimateBatch(
  deps: { read: ReadDb; pricing: Pricing; now: Date },
  columns: readonly EstimatedColumn[],
  request: Pick<BatchRequest, 'inputs' | 'replicates' | 'locales' | 'modes'>,
): Omit<BatchEstimate, 'left_out'> {
  const callsPerTarget = cellTotal({
    inputs: request.inputs.length,
    locales: request.locales?.length ?? 1,
    modes: request.modes?.length ?? 1,
    targets: 1,
    replicates: request.replicates,
  });
  let cost = 0n;
  let unpriced = 0;
  for (const each of expectedCellCosts(deps, columns, request.inputs)) {
    if (each === null) unpriced += 1;
    else cost += each * BigInt(callsPerTarget);
  }
  return {
    calls: callsPerTarget * columns.length,
    cost_usd: unpriced > 0 ? null : usdFromPicodollars(cost),
    unpriced_targets: unpriced,
    bounded: columns.every(
      ({ template, target: { inference_params } }) =>
        outputLimit(paramsOf(template, { inference_params })) !== null,
    ),
    unread_variables: unreadVariables(
      columns.map(({ template }) => template),
      request.inputs,
    ),
    parameter_doubts: doubtsOf(columns),
  };
}

/** Said once of a model, though several columns may run on it. */
function doubtsOf(columns: readonly EstimatedColumn[]): BatchEstimate['parameter_doubts'] {
  const doubts = columns.flatMap(({ template, target: { model_id, inference_params }, connection }) =>
    parameterDoubts(connection.provider.protocol, model_id, paramsOf(template, { inference_params })).map(
      (doubt) => ({ model_id, ...doubt }),
    ),
  );
  return [...new Map(doubts.map((doubt) => [JSON.stringify(doubt), doubt])).values()];
}

/** The expected cost of one call per target in picodollars, before any was observed; null without a known price. */
function expectedCellCosts(
  deps: { read: ReadDb; pricing: Pricing; now: Date },
  columns: readonly PricedColumn[],
  inputs: BatchRequest['inputs'],
): (bigint | null)[] {
  const bytes = new Map<string, number>();
  return columns.map(({ template, target: { provider, model_id, inference_params } }) => {
    const promptBytes = bytes.get(template.template_id) ?? averagePromptBytes(deps.read, template, inputs);
    bytes.set(template.template_id, promptBytes);
    const params = paramsOf(template, { inference_params });
    return expectedCost(deps, { provider, model_id, promptBytes, params });
  });
}

/** `expectedCellCosts` for a stored batch, from the first inputs of its plan. */
export function expectedCosts(
  db: ReadDb,
  deps: { pricing: Pricing; now: Date },
  batch: BatchRecord,
  templates: readonly Template[],
): (bigint | null)[] {
  const count = Math.min(batch.inputs_count, SAMPLED_INPUTS);
  const inputs = Array.from({ length: count }, (_, index) => batchInput(db, batch.batch_id, index) ?? {});
  const columns = templates.flatMap((template, index) => {
    const target = batch.targets[index];
    return target ? [{ template, target }] : [];
  });
  return expectedCellCosts({ ...deps, read: db }, columns, inputs);
}

function averagePromptBytes(db: ReadDb, template: Template, inputs: BatchRequest['inputs']): number {
  const sample = inputs.slice(0, SAMPLED_INPUTS);
  const bytes = sample.reduce(
    (sum, variables) => sum + Buffer.byteLength(renderFor(db, template, { variables }).rendered_prompt),
    0,
  );
  return bytes / Math.max(1, sample.length);
}
