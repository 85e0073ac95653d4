import { parameterName, type JsonObject, type JsonValue } from '../domain';
import { lossOf } from './exact-json';
import { problemInWords, read, refused, type Reading } from './reading';

/** The parts between commas (or another separator), but for those in quotes, brackets and braces. */
export function splitValues(text: string, separator = ','): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let inQuotes = false;
  let isEscaped = false;
  for (const character of text) {
    if (character === '"' && !isEscaped) inQuotes = !inQuotes;
    isEscaped = inQuotes && character === '\\' && !isEscaped;
    if (!inQuotes && (character === '[' || character === '{')) depth += 1;
    if (!inQuotes && (character === ']' || character === '}')) depth -= 1;
    if (character === separator && depth <= 0 && !inQuotes) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return [...parts, part.trim()];
}

/** A parameter's value as people write it: JSON where it is JSON, and otherwise the text itself (`low`). */
export function readValue(text: string): Reading<JsonValue> {
  const given = text.trim();
  if (given === '') return refused('a value is missing');
  let value: JsonValue;
  try {
    value = JSON.parse(given);
  } catch {
    return /^["[{]/.test(given) ? refused(`${given} is not valid JSON`) : read(given);
  }
  const loss = lossOf(given);
  return loss === null ? read(value) : refused(problemInWords(loss));
}

/** `effort=low, temperature=0.2` as an object, by the names that requests have; nothing is an empty one. */
export function readParams(text: string): Reading<JsonObject> {
  const params: Record<string, JsonValue> = {};
  if (text.trim() === '') return read(params);
  for (const part of splitValues(text)) {
    const [, given, written] = /^([^=\s]+)\s*=(.*)$/s.exec(part) ?? [];
    if (given === undefined || written === undefined) {
      return refused(`"${part}" is not of the form name=value`);
    }
    const name = parameterName(given);
    if (Object.hasOwn(params, name)) return refused(`${given} is set twice`);
    const value = readValue(written);
    if (!value.ok) return refused(`${given}: ${value.problem.message}`);
    params[name] = value.value;
  }
  return read(params);
}

/**
 * Every combination of the values of parameters, each given as `effort=low,high`; the first given varies slowest.
 * Without any, the one set without parameters.
 */
export function readSets(texts: readonly string[]): Reading<JsonObject[]> {
  let sets: JsonObject[] = [{}];
  for (const text of texts) {
    const [, given, values] = /^([^=\s]+)\s*=(.*)$/s.exec(text.trim()) ?? [];
    if (given === undefined || values === undefined) {
      return refused(`"${text.trim()}" is not of the form name=value,value`);
    }
    const name = parameterName(given);
    if (sets.some((set) => Object.hasOwn(set, name))) return refused(`${given} is given twice`);
    const chosen: JsonValue[] = [];
    for (const part of splitValues(values)) {
      const value = readValue(part);
      if (!value.ok) return refused(`${given}: ${value.problem.message}`);
      if (chosen.some((other) => JSON.stringify(other) === JSON.stringify(value.value)))
        return refused(`${given}: ${part} is given twice`);
      chosen.push(value.value);
    }
    sets = sets.flatMap((set) => chosen.map((value) => ({ ...set, [name]: value })));
  }
  return read(sets);
}
