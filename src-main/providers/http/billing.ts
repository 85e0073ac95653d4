import type { JsonObject, JsonValue } from '../../../src-shared/domain';
import type { BilledPart } from '../../ports';
import { asCount, isObject, type Maybe } from './json-read';

/** At most this many unknown counts are listed in a reason. */
const MAX_NAMED = 3;

/**
 * Counts with unknown names. Each may be billed, so none is ignored. `known` holds paths such as
 * `prompt_tokens_details.audio_tokens`, each covering everything below it.
 */
export function unknownUsage(usage: JsonObject, known: ReadonlySet<string>, name: string): string[] {
  const found: string[] = [];
  const visit = (value: JsonValue, path: string): void => {
    if (known.has(path)) return;
    if (Array.isArray(value)) for (const item of value) visit(item, path);
    else if (isObject(value))
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    else if (counts(value)) found.push(`${name}.${path.toWellFormed()} (${value})`);
  };
  visit(usage, '');
  const unreadable = unreadableIn(usage, name);
  if (found.length === 0) return unreadable;
  const more = found.length > MAX_NAMED ? ` and ${found.length - MAX_NAMED} more` : '';
  return [
    `The answer counts items that Prompter has no price for: ${found.slice(0, MAX_NAMED).join(', ')}${more}.`,
    ...unreadable,
  ];
}

const COUNT = /tokens$|token_?count$|requests$|details$/i;

/**
 * Invalid counts (negative, fractional, a word, a list in place of its fields), which may stand for something billed.
 */
function unreadableIn(usage: JsonObject, name: string): string[] {
  const found: string[] = [];
  const visit = (value: Maybe, key: string, path: string): void => {
    const isRead = isObject(value)
      ? !key.endsWith('TokensDetails')
      : !Array.isArray(value) || !key.endsWith('_details');
    if (value !== null && COUNT.test(key) && !(isRead && (typeof value === 'object' || isCount(value))))
      found.push(`${path.toWellFormed()} (${JSON.stringify(value).slice(0, 60).toWellFormed()})`);
    else if (Array.isArray(value)) for (const item of value) visit(item, '', path);
    else if (isObject(value))
      for (const [inner, item] of Object.entries(value)) visit(item, inner, `${path}.${inner}`);
  };
  visit(usage, '', name);
  return found.length === 0
    ? []
    : [`The answer holds a count that cannot be read: ${found.slice(0, MAX_NAMED).join(', ')}.`];
}

function isCount(value: Maybe): boolean {
  return asCount(value) !== null;
}

function counts(value: JsonValue): value is number | string {
  return typeof value === 'number' ? value !== 0 : typeof value === 'string' && /^\d*[1-9]\d*$/.test(value);
}

/**
 * A field that says how a call was served, and its values at which the listed prices apply. An absent field means the
 * listed price.
 */
export function modifier(what: string, value: Maybe, listed: readonly string[]): string[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string' && listed.includes(value.toLowerCase())) return [];
  const shown =
    typeof value === 'string' ? value.toWellFormed().slice(0, 60) : JSON.stringify(value).slice(0, 60);
  return [`The call was served with ${what} “${shown}”, for which the price list has no prices.`];
}

/** Tokens with their own rate; empty if the answer reports none. */
export function part(of: BilledPart['of'], unit: string, tokens: Maybe): BilledPart[] {
  const count = asCount(tokens);
  return count === null || count === 0 ? [] : [{ of, unit, tokens: count }];
}
