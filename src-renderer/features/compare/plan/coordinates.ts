import type { BatchShape } from '../../../../src-shared/domain';

/** The grid has one line per input, locale, mode and replicate, and one column per target. */
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
