import type { JsonObject, JsonValue } from '../domain';
import { lossOf } from './exact-json';
import { problemInWords, read, refused, type Reading } from './reading';

/** The parts between commas, but for those in quotes, brackets and braces. */
export function splitValues(text: string): string[] {
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
    if (character === ',' && depth <= 0 && !inQuotes) {
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

/** `effort=low, temperature=0.2` as an object; nothing is an empty one. */
export function readParams(text: string): Reading<JsonObject> {
  const params: Record<string, JsonValue> = {};
  if (text.trim() === '') return read(params);
  for (const part of splitValues(text)) {
    const [, name, written] = /^([^=\s]+)\s*=(.*)$/s.exec(part) ?? [];
    if (name === undefined || written === undefined) {
      return refused(`"${part}" is not of the form name=value`);
    }
    if (Object.hasOwn(params, name)) return refused(`${name} is set twice`);
    const value = readValue(written);
    if (!value.ok) return refused(`${name}: ${value.problem.message}`);
    params[name] = value.value;
  }
  return read(params);
}

/** How parameters are written: what `readParams` reads as the same. */
export function writeParams(params: JsonObject): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${writtenValue(value)}`)
    .join(', ');
}

function writtenValue(value: JsonValue): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const back = readValue(value);
  const isPlain = back.ok && back.value === value && /^[^"[\]{},]+$/.test(value);
  return isPlain ? value : JSON.stringify(value);
}
