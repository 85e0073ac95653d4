import { jsonObjectSchema, type JsonObject } from '../../../src-shared/domain';
import { readExactJson } from '../../../src-shared/files';

export type ReadJson =
  { readonly ok: true; readonly value: JsonObject | null } | { readonly ok: false; readonly message: string };

/** A JSON object from an editor; an empty editor means "none". */
export function readJsonObject(source: string): ReadJson {
  if (source.trim() === '') return { ok: true, value: null };
  const json = readExactJson(source);
  if (!json.ok) return { ok: false, message: `Line ${json.problem.line ?? 1}, ${json.problem.message}` };
  const parsed = jsonObjectSchema.safeParse(json.value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, message: 'Must be a JSON object: { … }.' };
}
