import { createPatch } from 'rfc6902';
import {
  canonicalJsonOfValue,
  canonicalTemplateConfig,
  type TemplateConfigInput,
} from '../../src-shared/domain/canonical';
import type { JsonPatchOperation } from '../../src-shared/domain/json-patch';
import type { JsonObject, JsonValue } from '../../src-shared/domain/json-value';

/**
 * What turns configuration `a` into `b`, as an RFC 6902 patch of their canonical values: `0.70` against `0.7`
 * or another order of countries is no difference. Empty for duplicates.
 */
export function diffTemplateConfigs(a: TemplateConfigInput, b: TemplateConfigInput): JsonPatchOperation[] {
  const patch: JsonPatchOperation[] = [];
  diffValues(canonicalValue(a), canonicalValue(b), '', patch);
  return patch;
}

function canonicalValue(template: TemplateConfigInput): JsonValue {
  const value: JsonValue = JSON.parse(canonicalTemplateConfig(template));
  return value;
}

function diffValues(a: JsonValue, b: JsonValue, path: string, patch: JsonPatchOperation[]): void {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (isShortList(a) && isShortList(b)) diffShortLists(a, b, path, patch);
    else diffArrays(a, b, path, patch);
  } else if (isObject(a) && isObject(b)) {
    diffObjects(a, b, path, patch);
  } else if (a !== b) {
    patch.push({ op: 'replace', path, value: b });
  }
}

function diffObjects(a: JsonObject, b: JsonObject, path: string, patch: JsonPatchOperation[]): void {
  const before = new Map(Object.entries(a));
  for (const key of before.keys()) {
    if (!Object.hasOwn(b, key)) patch.push({ op: 'remove', path: `${path}/${pointerToken(key)}` });
  }
  for (const [key, value] of Object.entries(b)) {
    const old = before.get(key);
    const memberPath = `${path}/${pointerToken(key)}`;
    if (old === undefined) patch.push({ op: 'add', path: memberPath, value });
    else diffValues(old, value, memberPath, patch);
  }
}

/** RFC 6901, section 3. */
function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Lists such as `["CH","US"]`, on which the fewest operations are what a reader wants and cheap to find. */
function isShortList(array: readonly JsonValue[]): boolean {
  return array.length <= 32 && array.every((element) => typeof element !== 'object' || element === null);
}

function diffShortLists(a: JsonValue[], b: JsonValue[], path: string, patch: JsonPatchOperation[]): void {
  for (const operation of createPatch(a, b)) patch.push({ ...operation, path: path + operation.path });
}

/**
 * Any other array, in linear time: what both begin and end with is kept, the rest is compared position by
 * position. `createPatch` is not for these: its time is cubic and its stack as deep as the array is long.
 */
function diffArrays(
  a: readonly JsonValue[],
  b: readonly JsonValue[],
  path: string,
  patch: JsonPatchOperation[],
): void {
  const before = a.map(canonicalJsonOfValue);
  const after = b.map(canonicalJsonOfValue);
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;

  const paired = shorter - tail;
  const added = b.slice(head, b.length - tail);
  a.slice(head, paired).forEach((old, index) => {
    const value = added[index];
    if (value !== undefined) diffValues(old, value, `${path}/${head + index}`, patch);
  });
  // From the end, so that no removal moves what a later one names.
  for (let index = a.length - tail - 1; index >= paired; index--)
    patch.push({ op: 'remove', path: `${path}/${index}` });
  added.slice(paired - head).forEach((value, index) => {
    patch.push({ op: 'add', path: `${path}/${paired + index}`, value });
  });
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
