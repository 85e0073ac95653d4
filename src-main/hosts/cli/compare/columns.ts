import {
  GROUNDING_MODES,
  groundingModeSchema,
  targetNames,
  type BatchColumn,
  type BatchTarget,
  type GroundingMode,
  type JsonObject,
  type BatchEstimate,
  type LeftOutColumn,
  UNKNOWN_VERSION_KEY,
} from '../../../../src-shared/domain';
import { readSets } from '../../../../src-shared/files/params';
import { problemInWords } from '../../../../src-shared/files/reading';
import { usageError } from '../failure';
import type { FoundTemplate } from '../template-source';
import { inert, type Terminal } from '../terminal';

/** Every combination of the values of `--set`; the order is `readSets`'. */
export function setsOf(texts: readonly string[]): JsonObject[] {
  const sets = readSets(texts);
  if (!sets.ok) throw usageError(`--set: ${problemInWords(sets.problem)}.`);
  return sets.value;
}

/** The grounding modes that `--modes` names. */
export function modesOf(text: string | undefined): GroundingMode[] | undefined {
  return text?.split(',').map((word) => {
    const mode = groundingModeSchema.safeParse(word.trim());
    if (!mode.success)
      throw usageError(`--modes: "${word.trim()}" is none of ${GROUNDING_MODES.join(', ')}.`);
    return mode.data;
  });
}

/**
 * A column for each target, set of parameters and template, with the templates side by side. Without targets, each template
 * runs on its own model.
 */
export function crossed(
  targets: readonly BatchTarget[],
  sets: readonly JsonObject[],
  templates: readonly FoundTemplate[],
): BatchTarget[] {
  const models: readonly BatchTarget[] = targets.length === 0 ? [{}] : targets;
  return models.flatMap((target) =>
    sets.flatMap((inference_params) =>
      templates.map(({ template, label }) => ({
        ...target,
        template_id: template.template_id,
        ...(label !== null && { label }),
        ...(Object.keys(inference_params).length > 0 && { inference_params }),
      })),
    ),
  );
}

/** Says which columns send the same calls, since each is paid for. A label is a name of the version that it points to. */
export function printSame(terminal: Terminal, columns: readonly BatchColumn[]): void {
  const same = new Map<string, number[]>();
  for (const [index, { template_id, connection_id, model_id, inference_params }] of columns.entries()) {
    const params = Object.entries(inference_params).toSorted(([one], [other]) => (one < other ? -1 : 1));
    const key = JSON.stringify([template_id, connection_id, model_id, params]);
    same.set(key, [...(same.get(key) ?? []), index]);
  }
  const names = targetNames(columns);
  for (const [first = 0, ...more] of same.values()) {
    if (more.length === 0) continue;
    const numbers = LIST.format([first, ...more].map((index) => String(index + 1)));
    const what = `Columns ${numbers} are the same (${names[first] ?? ''}): each is run and paid for.`;
    terminal.err(`${inert(what)} To repeat a column, use --replicates.\n`);
  }
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** Parameters that are sent, though their model is not known to take them. */
export function printDoubts(terminal: Terminal, doubts: BatchEstimate['parameter_doubts']): void {
  for (const { model_id, parameter, reason } of doubts)
    terminal.err(`${inert(`${model_id}: ${parameter} may not be taken. ${reason}`)}\n`);
}

/** What does not run, why, and the commands that mend it. */
export function printLeftOut(terminal: Terminal, leftOut: readonly LeftOutColumn[]): void {
  const names = targetNames(leftOut);
  for (const [index, { template_id, provider, model_id, mismatch }] of leftOut.entries()) {
    terminal.err(`${inert(`Left out: ${names[index] ?? model_id}. ${mismatch.message}`)}\n`);
    if (mismatch.frozen || mismatch.expected === null) continue;
    const target = `--target ${provider}:${model_id}`;
    const pin = `  prompter versions pin ${template_id} ${mismatch.actual} ${target}\n`;
    const unpin = `  prompter versions unpin ${template_id} ${target}\n`;
    const accept = mismatch.actual === UNKNOWN_VERSION_KEY ? '' : inert(pin);
    terminal.err(`To accept the version that answers now, or any:\n${accept}${inert(unpin)}`);
  }
}
