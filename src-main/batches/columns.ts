import {
  type AppError,
  isFrozenFor,
  type BatchColumn,
  type BatchRequest,
  type BatchSummary,
  type BatchTarget,
  type FoundTarget,
  type LeftOutColumn,
  type LeftOutTarget,
  type NamedColumn,
  type ResolvedTarget,
  targetNames,
  type Template,
  validationError,
} from '../../src-shared/domain';
import type { ConnectionResolver, ConnectionTarget } from '../ports';
import { assertSupported, mismatchError, pinMismatch } from '../runs';
import {
  labelInForce,
  nameIn,
  promptNameFor,
  requireTemplate,
  templateHeads,
  titleOf,
  type BatchRecord,
  type ReadDb,
  type TemplateHead,
} from '../store';
import { assertActive, assertInUse, providerOf } from '../templates';
import { withPin, type FindCurrentVersion } from '../versions';

/** A column of a comparison before it runs. */
export interface Column {
  readonly target: FoundTarget;
  /** Held to the pin of the column's model. */
  readonly template: Template;
  /** What the template is called in a message. */
  readonly title: string;
  /** The pin is the template's own constraint, which nothing lifts. */
  readonly isFrozen: boolean;
  readonly connection: ConnectionTarget;
}

/**
 * Finds what each target of a request names.
 * @param base the batch's template, which a target without one has
 * @throws NOT_FOUND, NO_CONNECTION, ALS_UNSUPPORTED, VALIDATION_FAILED naming the target
 */
export function columnsOf(
  deps: { readonly read: ReadDb; readonly connections: ConnectionResolver },
  base: Template,
  { targets }: Pick<BatchRequest, 'targets'>,
): Column[] {
  return targets.map((target, index) => {
    const own = templateOf(deps.read, base, target, `targets.${index}`);
    assertInUse(deps.read, own);
    assertActive(deps.read, own);
    assertSupported(deps.read, own);
    const model_id = target.model_id ?? own.model_id;
    const connection = deps.connections.find({
      org_id: own.org_id,
      connection_id: target.connection_id,
      provider: providerOf(own, { provider: target.provider, model_id }),
      model_id,
    });
    const model = { provider: connection.provider.provider_id, model_id };
    return {
      target: {
        template_id: own.template_id,
        label: target.label ?? null,
        connection_id: connection.connectionId,
        connection_name: connection.name,
        ...model,
        inference_params: target.inference_params ?? {},
      },
      template: withPin(deps.read, own, model),
      title: titleOf(deps.read, own),
      isFrozen: isFrozenFor(own, model),
      connection,
    };
  });
}

function templateOf(db: ReadDb, base: Template, target: BatchTarget, path: string): Template {
  const { template_id = base.template_id, label } = target;
  const named = template_id === base.template_id ? base : requireTemplate(db, template_id);
  if (named.org_id !== base.org_id || named.workspace_id !== base.workspace_id) {
    throw validationError([
      {
        path: `${path}.template_id`,
        message: `"${promptNameFor(db, named)}" belongs to another workspace`,
      },
    ]);
  }
  if (label === undefined) return named;
  const move = labelInForce(db, { ...named, label });
  if (move?.template_id === undefined || move.template_id === null) {
    throw validationError([
      {
        path: `${path}.label`,
        message: `no version of "${promptNameFor(db, named)}" has the label ${label}`,
      },
    ]);
  }
  return requireTemplate(db, move.template_id);
}

export interface Division {
  readonly kept: readonly Column[];
  readonly leftOut: readonly LeftOutTarget[];
  /** VERSION_MISMATCH where no column is left. */
  readonly refusal: AppError | null;
}

/**
 * Leaves out the columns whose models are known to have moved from what they are held to.
 * @param current finds a model's version: with a probe before a batch starts, without one for an estimate
 */
export async function leaveOutMismatches(
  current: FindCurrentVersion,
  columns: readonly Column[],
): Promise<Division> {
  const kept: Column[] = [];
  const leftOut: LeftOutTarget[] = [];
  let refusal: AppError | null = null;
  for (const column of columns) {
    const { template, title, connection: target, isFrozen: frozen } = column;
    const run = { template, title, target, modelId: column.target.model_id, frozen };
    const mismatch = await pinMismatch(current, run);
    if (mismatch === null) {
      kept.push(column);
      continue;
    }
    refusal ??= mismatchError(run, mismatch);
    leftOut.push({
      ...column.target,
      mismatch: {
        message: mismatch.message,
        expected: template.model_version_constraint,
        actual: mismatch.actual.provider_version_key,
        frozen,
      },
    });
  }
  return { kept, leftOut, refusal: kept.length === 0 ? refusal : null };
}

/** A stored batch's columns, each held to the pin that its model has now. */
export function heldColumns(
  db: ReadDb,
  targets: readonly ResolvedTarget[],
): Pick<Column, 'template' | 'isFrozen'>[] {
  const own = new Map<string, Template>();
  return targets.map(({ template_id, provider, model_id }) => {
    const template = own.get(template_id) ?? requireTemplate(db, template_id);
    own.set(template_id, template);
    const model = { provider, model_id };
    return { template: withPin(db, template, model), isFrozen: isFrozenFor(template, model) };
  });
}

function withName<T extends FoundTarget>(heads: ReadonlyMap<string, TemplateHead>, target: T) {
  return { ...target, ...nameIn(heads, target.template_id) };
}

export function shownLeftOut(db: ReadDb, leftOut: readonly LeftOutTarget[]): LeftOutColumn[] {
  const heads = templateHeads(
    db,
    leftOut.map(({ template_id }) => template_id),
  );
  return leftOut.map((target) => withName(heads, target));
}

/** Columns as they are shown, and the variables of all that run, those of the batch's own template first. */
export function shownColumns(
  db: ReadDb,
  batch: Pick<BatchRecord, 'template_id' | 'targets' | 'left_out'>,
): { targets: BatchColumn[]; left_out: LeftOutColumn[]; variables: string[] } {
  const used = new Set(batch.targets.map(({ template_id }) => template_id));
  const ids = [...used].toSorted((a, b) => Number(b === batch.template_id) - Number(a === batch.template_id));
  const heads = templateHeads(db, ids);
  return {
    targets: batch.targets.map((target) => withName(heads, target)),
    left_out: shownLeftOut(db, batch.left_out),
    variables: [...new Set(ids.flatMap((id) => heads.get(id)?.variables ?? []))],
  };
}

/** The version and the model of each column, of many batches at once. */
export function shownPairs(
  db: ReadDb,
  batches: readonly (readonly Pick<BatchColumn, 'template_id' | 'model_id'>[])[],
): BatchSummary['columns'][] {
  const ids = new Set(batches.flatMap((targets) => targets.map(({ template_id }) => template_id)));
  const heads = templateHeads(db, [...ids]);
  return batches.map((targets) =>
    targets.map(({ template_id, model_id }) => ({
      version_number: nameIn(heads, template_id).version_number,
      model_id,
    })),
  );
}

/** What each column is called in a message. */
export function namesOf(db: ReadDb, columns: readonly Column[]): string[] {
  const heads = templateHeads(
    db,
    columns.map(({ target }) => target.template_id),
  );
  return targetNames(columns.map(({ target }): NamedColumn => withName(heads, target)));
}
