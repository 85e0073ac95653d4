import { relative } from 'node:path';
import { root } from '../project.mjs';
import { MIN_KILLED_PERCENT } from './modules.mjs';

/** Results of a module's mutants. Mutants that do not run prove nothing and are not counted. */
export function tallyOf(results) {
  const having = (...statuses) => results.filter(({ status }) => statuses.includes(status));
  const killed = having('Killed', 'Timeout').length;
  const survivors = having('Survived', 'NoCoverage');
  const counted = killed + survivors.length;
  const percent = counted === 0 ? null : (100 * killed) / counted;
  return { killed, survivors, percent, isEnough: percent !== null && percent >= MIN_KILLED_PERCENT };
}

export function lineOf(name, { killed, survivors, percent, isEnough }) {
  // Rounded down: 84.96 % does not reach 85 %.
  const share = percent === null ? 'no mutants' : `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  const verdict = isEnough ? '' : `, fewer than ${MIN_KILLED_PERCENT} %`;
  return `${name}: ${killed} killed, ${survivors.length} survived (${share}${verdict})`;
}

/** A surviving mutant's location and replacement. */
export function survivorLine({ fileName, location, mutatorName, replacement, status }) {
  const { line, column } = location.start;
  const uncovered = status === 'NoCoverage' ? ', no test runs it' : '';
  const text = (replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 100);
  return `  ${relative(root, fileName)}:${line}:${column} ${mutatorName} → ${text}${uncovered}`;
}
