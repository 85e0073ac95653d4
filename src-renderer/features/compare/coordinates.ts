import type { Batch, BatchShape } from '../../../src-shared/domain';

/** A batch as the grid sees it: one line per input, locale, mode and replicate; one column per target. */
export function shapeOf(
  batch: Pick<Batch, 'inputs_count' | 'locales' | 'modes' | 'targets' | 'replicates'>,
): BatchShape {
  return {
    inputs: batch.inputs_count,
    locales: Math.max(1, batch.locales?.length ?? 1),
    modes: Math.max(1, batch.modes.length),
    targets: batch.targets.length,
    replicates: batch.replicates,
  };
}

export function linesPerInput(shape: BatchShape): number {
  return shape.locales * shape.modes * shape.replicates;
}

export function lineCount(shape: BatchShape): number {
  return shape.inputs * linesPerInput(shape);
}

export interface LinePlace {
  readonly input: number;
  readonly locale: number;
  readonly mode: number;
  readonly replicate: number;
}

export function placeOfLine(shape: BatchShape, line: number): LinePlace {
  const perInput = linesPerInput(shape);
  const rest = line % perInput;
  const perLocale = shape.modes * shape.replicates;
  return {
    input: Math.floor(line / perInput),
    locale: Math.floor(rest / perLocale),
    mode: Math.floor((rest % perLocale) / shape.replicates),
    replicate: rest % shape.replicates,
  };
}

/** `batch_run_index` of the cell where a line meets a target: the inverse of `cellAt`. */
export function cellIndex(shape: BatchShape, line: number, target: number): number {
  const { input, locale, mode, replicate } = placeOfLine(shape, line);
  const plan = (input * shape.locales + locale) * shape.modes + mode;
  return (plan * shape.targets + target) * shape.replicates + replicate;
}

export function cellsPerTarget(shape: BatchShape): number {
  return lineCount(shape);
}
