import { hash } from 'node:crypto';
import type { ReviewGroup, ReviewItem, ReviewProblemKind, TemplateName } from '../../src-shared/domain';
import { SCHEMA_MISMATCH } from './read-output';

/** The columns that say what is wrong with an answer, by which answers are grouped. */
type ProblemFields = Pick<
  ReviewItem,
  'template_id' | 'failure_code' | 'failure_message' | 'parse_method_used'
>;

/** The problem with an answer, without details that differ between similar answers: the item numbers in its paths. */
export function problemOf(fields: ProblemFields): {
  readonly kind: ReviewProblemKind;
  readonly problem: string;
} {
  const { failure_code, parse_method_used, failure_message } = fields;
  if (failure_code === 'parse_failed')
    return { kind: 'unreadable', problem: 'The answer could not be parsed' };
  if (parse_method_used === 'jsonrepair')
    return { kind: 'repairable', problem: 'Not JSON; a repair is suggested' };
  if (parse_method_used === null) return { kind: 'not_json', problem: 'Not JSON' };
  const message = failure_message ?? '';
  if (!message.startsWith(SCHEMA_MISMATCH)) return { kind: 'other', problem: message || 'Unknown' };
  const problems = message.slice(SCHEMA_MISMATCH.length);
  return { kind: 'schema_mismatch', problem: problems.replaceAll(/\/\d+(?=[/ ])/g, '/*') };
}

/** Answers of one template with the same problem share an id. */
export function groupIdOf(fields: ProblemFields): string {
  const { kind, problem } = problemOf(fields);
  return hash('sha256', JSON.stringify([fields.template_id, kind, problem])).slice(0, 16);
}

export type WaitingRow = ProblemFields & Pick<ReviewItem, 'run_id'>;

/** Groups waiting answers by problem; the group with the longest wait comes first. */
export function groupsOf(
  rows: readonly WaitingRow[],
  nameOf: (templateId: string) => TemplateName,
): ReviewGroup[] {
  const groups = new Map<string, ReviewGroup>();
  for (const row of rows) {
    const group_id = groupIdOf(row);
    const known = groups.get(group_id);
    const { template_id, run_id } = row;
    groups.set(
      group_id,
      known
        ? { ...known, count: known.count + 1 }
        : { group_id, template_id, ...nameOf(template_id), ...problemOf(row), count: 1, run_id },
    );
  }
  return [...groups.values()];
}
