import {
  AppError,
  batchShapeOf,
  cellAt,
  isAppError,
  type ErrorCode,
  type RunRequest,
  type Template,
  validationError,
} from '../../src-shared/domain';
import type { CallEndpoint, Clock, Ids, ProviderClients } from '../ports';
import { planRun, renderToSend, type RunPlan } from '../runs';
import { batchInput, type BatchRecord, type ReadDb } from '../store';
import type { SentPrompt } from '../templates';

export interface CellPlans {
  targetIndexOf(index: number): number;
  /** The cell's run, ready to send. @throws MISSING_VARIABLE and other rendering errors */
  planOf(index: number, endpoint: CallEndpoint): RunPlan;
  /** The plan without a prompt, to record a cell whose prompt cannot be rendered. */
  emptyPlanOf(index: number, endpoint: CallEndpoint): RunPlan;
}

/** Cache size. Neighbouring cells share their input, so a few are enough. */
const RENDER_CACHE_SIZE = 256;

/** Plans cells on demand, so that a million of them take no memory. */
export function createCellPlans(
  deps: { clock: Clock; ids: Ids; clients: ProviderClients; read: ReadDb },
  batch: BatchRecord,
  columns: { templateOf(targetIndex: number): Template },
): CellPlans {
  const shape = batchShapeOf(batch);
  const rendered = new Map<string, SentPrompt>();

  const renderCell = (index: number): SentPrompt => {
    const { input_index: inputIndex, target_index } = cellAt(shape, index);
    const template = columns.templateOf(target_index);
    // Columns of the same version share what is rendered.
    const place = `${inputIndex} ${template.template_id}`;
    const known = rendered.get(place);
    if (known) return known;
    const variables = batchInput(deps.read, batch.batch_id, inputIndex);
    if (!variables) throw new Error(`input ${inputIndex} of batch ${batch.batch_id} is not in the store`);
    const prompt = renderToSend(deps.read, template, { variables });
    const oldest = rendered.size >= RENDER_CACHE_SIZE ? rendered.keys().next().value : undefined;
    if (oldest !== undefined) rendered.delete(oldest);
    rendered.set(place, prompt);
    return prompt;
  };

  const plan = (index: number, endpoint: CallEndpoint, prompt: SentPrompt): RunPlan => {
    const at = cellAt(shape, index);
    const target = batch.targets[at.target_index];
    if (!target) throw new Error(`cell ${index} of batch ${batch.batch_id} has no target`);
    const country = batch.locales?.[at.locale_index];
    const mode = target.grounding_mode ?? batch.modes[at.mode_index];
    const request: RunRequest = {
      model_id: target.model_id,
      inference_params: target.inference_params,
      replicate_index: at.replicate_index,
      stream: batch.stream,
      ...(country === undefined ? {} : { country }),
      ...(mode === undefined ? {} : { grounding_mode: mode }),
      ...(batch.timeout_seconds === null ? {} : { timeout_seconds: batch.timeout_seconds }),
    };
    return planRun(deps, {
      template: columns.templateOf(at.target_index),
      endpoint,
      request,
      rendered: prompt,
      place: { batch_id: batch.batch_id, batch_run_index: index },
    });
  };

  return {
    targetIndexOf: (index) => cellAt(shape, index).target_index,
    planOf: (index, endpoint) => plan(index, endpoint, renderCell(index)),
    emptyPlanOf: (index, endpoint) => plan(index, endpoint, EMPTY_PROMPT),
  };
}

const EMPTY_PROMPT: SentPrompt = {
  messages: [],
  tools: [],
  tool_choice: null,
  rendered_prompt: '',
  // SHA-256 of the empty string.
  rendered_prompt_sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

/** Rows rendered in advance; a later row that cannot be rendered fails as its own cell. */
const MAX_ROWS_CHECKED = 5000;
const REPORTED = 20;

/** Variables in the inputs that no template uses, in order of first appearance. */
export function unreadVariables(
  templates: readonly Pick<Template, 'variables'>[],
  inputs: readonly NonNullable<RunRequest['variables']>[],
): string[] {
  const names = new Set<string>();
  for (const input of inputs) for (const name in input) names.add(name);
  return [...names].filter((name) => templates.every(({ variables }) => !variables.includes(name)));
}

/**
 * Templates that use none of the inputs' variables would render the same prompt every time: a name is misspelt, or
 * written as `{text}`. @throws VALIDATION_FAILED naming them
 */
export function assertInputsAreRead(
  templates: readonly Pick<Template, 'variables' | 'system_instructions' | 'user_prompt_template'>[],
  inputs: readonly NonNullable<RunRequest['variables']>[],
): void {
  const unread = unreadVariables(templates, inputs);
  const isAnyRead = inputs.some((input) =>
    templates.some(({ variables }) => variables.some((name) => Object.hasOwn(input, name))),
  );
  if (unread.length === 0 || isAnyRead) return;
  const texts = templates.map((one) => `${one.system_instructions}\n${one.user_prompt_template}`);
  const single = unread.find((name) => texts.some((text) => text.includes(`{${name}}`)));
  const hint = single === undefined ? '' : `; write {{ ${single} }} where the template has {${single}}`;
  const who = templates.length === 1 ? 'the template uses' : 'the templates use';
  throw validationError([{ path: 'inputs', message: `${who} none of ${unread.join(', ')}${hint}` }]);
}

/** Errors that one row's values can cause. */
const ROW_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'MISSING_VARIABLE',
  'VALIDATION_FAILED',
  'TEMPLATE_SYNTAX',
]);

/**
 * Renders the inputs before anything is stored or sent.
 * @param column names the column whose template it is, where there are several
 * @throws MISSING_VARIABLE, VALIDATION_FAILED, TEMPLATE_SYNTAX naming the rows
 */
export function assertInputsRender(
  db: ReadDb,
  template: Template,
  inputs: readonly NonNullable<RunRequest['variables']>[],
  column: string | null,
): void {
  const problems: { path: string; message: string }[] = [];
  let firstCode: ErrorCode | undefined;
  for (const [index, variables] of inputs.slice(0, MAX_ROWS_CHECKED).entries()) {
    try {
      renderToSend(db, template, { variables });
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (!ROW_ERRORS.has(error.code)) throw error;
      firstCode ??= error.code;
      problems.push({ path: `inputs.${index}`, message: error.message });
      if (problems.length >= REPORTED) break;
    }
  }
  const first = problems[0];
  if (first && firstCode) {
    const row = Number(first.path.slice('inputs.'.length)) + 1;
    const where = column === null ? `Row ${row}` : `Row ${row}, column ${column}`;
    throw new AppError(firstCode, `${where}: ${first.message}`, { data: { fields: problems } });
  }
}
