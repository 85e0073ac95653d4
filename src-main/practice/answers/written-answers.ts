import { parse as parseYaml } from 'yaml';
import {
  PRACTICE_ANSWER_HEADER,
  samplesOf,
  type PracticeAnswer,
  type Sample,
  type SampleRow,
} from '../../../src-shared/domain';
import type { Exchange } from '../exchange';
import { isRecord, recordOf } from '../vendors/wire-value';

/**
 * Hand-written answers for the sample library. A request matches a sample by content alone: the values of one of its
 * rows, most of its instructions and, if there is a schema, the same fields. A sample's prompt can therefore be edited
 * and still be answered; once it asks for something else, it no longer matches.
 */

const files = import.meta.glob<string>('../../../resources/samples/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

interface KnownRow {
  readonly id: string;
  /** Longest first: the others are searched for only in prompts that contain it. */
  readonly values: readonly string[];
  readonly instructions: ReadonlySet<string>;
  readonly fields: string | undefined;
  readonly row: SampleRow;
}

/** No sample's prompt is longer. */
const MAX_PROMPT_CHARS = 20_000;
const ENOUGH_INSTRUCTIONS = 0.6;

let known: readonly KnownRow[] | undefined;

export interface SampleQuestion {
  readonly system: string;
  readonly prompt: string;
  /** As in `Ask`. */
  readonly json: unknown;
}

/** The text written for this request, if it matches a sample. */
export function sampleAnswer(exchange: Exchange, question: SampleQuestion): string | undefined {
  if (question.prompt.length > MAX_PROMPT_CHARS) return undefined;
  known ??= readKnownRows();
  const found = known.find((candidate) => isMeant(candidate, question));
  if (found === undefined) return undefined;
  const { vendor, generation } = exchange;
  const moved = generation > 0 ? found.row.later?.[vendor] : undefined;
  const text = moved ?? found.row.answers[vendor];
  if (text === undefined) return undefined;
  return typeof text === 'string' ? text : text[exchange.turnOf(`${found.id} ${vendor}`) % text.length];
}

function isMeant({ values, instructions, fields }: KnownRow, question: SampleQuestion): boolean {
  const [longest = ''] = values;
  if (!question.prompt.includes(longest)) return false;
  const whole = `${question.system}\n${question.prompt}`;
  if (!values.every((value) => whole.includes(value))) return false;
  if (isRecord(question.json) && fieldsOf(question.json) !== fields) return false;
  const said = wordsOf(question.system);
  const kept = [...instructions].filter((word) => said.has(word)).length;
  return kept >= instructions.size * ENOUGH_INSTRUCTIONS;
}

function readKnownRows(): KnownRow[] {
  const read = Object.entries(files).map(([path, text]): [string, unknown] => [path, parseYaml(text)]);
  return samplesOf(Object.fromEntries(read)).flatMap(knownRows);
}

function knownRows({ template, rows }: Sample): KnownRow[] {
  const instructions = wordsOf((template.system_instructions ?? '').replaceAll(/\{[{%].*?[%}]\}/g, ' '));
  const fields = isRecord(template.response_schema) ? fieldsOf(template.response_schema) : undefined;
  return rows.map((row, index) => ({
    id: `${template.name} ${index}`,
    values: textsIn(row.input).toSorted((a, b) => b.length - a.length),
    instructions,
    fields,
    row,
  }));
}

/** The strings and numbers of a value that show up in a rendered prompt, nested ones included. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}

function fieldsOf(schema: Readonly<Record<string, unknown>>): string {
  return Object.keys(recordOf(schema['properties'])).toSorted().join(' ');
}

/** Sent with every answer, so that nobody takes a canned text for a generated one or the reverse. */
export function practiceHeader(isWritten: boolean): { readonly [PRACTICE_ANSWER_HEADER]: PracticeAnswer } {
  return { [PRACTICE_ANSWER_HEADER]: isWritten ? 'written' : 'generated' };
}
