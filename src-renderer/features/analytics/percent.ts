import type { Format } from '../../ui';

/** A share in percent; a dash if there is nothing to divide. */
export function percent(format: Format, part: number, whole: number): string {
  return whole === 0 ? '–' : format.percent(part / whole);
}
