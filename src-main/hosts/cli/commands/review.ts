import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import {
  notFound,
  REVIEW_DECISIONS,
  type ReviewCase,
  type ReviewManyRequest,
  type ReviewManyResult,
  type ReviewRequest,
} from '../../../../src-shared/domain';
import { decodeText } from '../../../../src-shared/files';
import type { ExitCode } from '../failure';
import { toTheSecond } from '../cell-text';
import { print, type CommandBody, type CommandContext } from '../command';
import { accepted as readable, readGivenText } from '../files';
import { pageOptions, readOptions, required } from '../options';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';

const listOptions = z.object({
  template: z.string().optional(),
  ...pageOptions,
});

const COLUMNS: readonly Column[] = [
  { title: 'run' },
  { title: 'template', dispensable: 1 },
  { title: 'model', min: 12, keep: 'end' },
  { title: 'problem', min: 24 },
  { title: 'parsed by', dispensable: 3 },
  { title: 'at', dispensable: 2 },
];

export const list: CommandBody = async (context, _args, given) => {
  const { template: template_id, limit, cursor } = readOptions(listOptions, given);
  const { client } = await context.session();
  const page = await client.review.list({ template_id, limit, cursor });
  print(context, page, ({ items, next_cursor, totals }) => {
    const rows = items.map((item) => ({
      cells: [
        item.run_id,
        item.template_name,
        item.model_id,
        item.failure_message ?? '',
        item.parse_method_used ?? '–',
        toTheSecond(item.executed_at),
      ],
    }));
    const { open, accepted, corrected, dismissed } = totals;
    return `${table(COLUMNS, rows, context.terminal.columns)}${moreLine(next_cursor)}${open} open · ${accepted} accepted · ${corrected} corrected · ${dismissed} dismissed\n`;
  });
};

const GROUP_COLUMNS: readonly Column[] = [
  { title: 'group' },
  { title: 'waiting', align: 'right' },
  { title: 'template', min: 12 },
  { title: 'what is wrong', min: 24 },
];

export const groups: CommandBody = async (context) => {
  const { client } = await context.session();
  const found = await client.review.groups();
  print(context, found, ({ items, grouped, totals }) => {
    const rows = items.map(({ group_id, count, template_name, problem }) => ({
      cells: [group_id, String(count), template_name, problem],
    }));
    const rest =
      totals.open > grouped ? `${totals.open - grouped} more are open but not yet in these groups\n` : '';
    return `${table(GROUP_COLUMNS, rows, context.terminal.columns)}${rest}`;
  });
};

export const show: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const found = await client.review.get({ run_id: required(args, 0) });
  print(context, found, (value) => inert(caseText(value)));
};

/** Longer outputs are read with `runs raw`. */
const SHOWN = 4000;

function caseText({ item, state, problems, marks, reviews, ...found }: ReviewCase): string {
  const block = (title: string, text: string | null): string[] =>
    text === null ? [] : ['', `${title}:`, text.slice(0, SHOWN)];
  const lines = [
    `${item.run_id}: ${state === 'none' ? 'needs no review' : state}`,
    `${item.template_name}, ${item.provider}:${item.model_id}, ${item.raw_response_size} bytes`,
    ...(item.failure_message === null ? [] : [item.failure_message]),
    ...marks.map(({ offset, message }) => `  byte ${offset}: ${message}`),
    ...problems.map(({ path, message }) => `  ${path}: ${message}`),
    ...block('Output', found.output_text),
    ...block('Repair proposed by jsonrepair', found.proposed_text),
    ...reviews.map(
      ({ action, reviewed_by, created_at, reason }) =>
        `${toTheSecond(created_at)} ${action} by ${reviewed_by ?? 'unknown'}${reason === null ? '' : `: ${reason}`}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const decideOptions = z.object({
  reason: z.string().optional(),
  by: z.string().optional(),
  replaces: z.string().optional(),
});

async function decide(
  context: CommandContext,
  run_id: string,
  given: unknown,
  request: Pick<ReviewRequest, 'action' | 'corrected_text'>,
): Promise<void> {
  const { reason, by, replaces } = readOptions(decideOptions, given);
  const { client } = await context.session();
  const review = await client.review.decide({
    run_id,
    ...request,
    reason,
    reviewed_by: by,
    previous_review_id: replaces,
  });
  print(context, review, ({ action, review_id }) =>
    inert(`${run_id}: ${REVIEW_DECISIONS[action]} (review ${review_id})\n`),
  );
}

export const accept: CommandBody = (context, args, given) =>
  decide(context, required(args, 0), given, { action: 'accept' });

export const dismiss: CommandBody = (context, args, given) =>
  decide(context, required(args, 0), given, { action: 'dismiss' });

export const correct: CommandBody = async (context, args, given) => {
  const { file } = readOptions(z.object({ file: z.string() }), given);
  const corrected_text = await readText(file);
  await decide(context, required(args, 0), given, { action: 'correct', corrected_text });
};

const groupOptions = z.object({ reason: z.string().optional(), by: z.string().optional() });

/** As many as one call decides. */
const AT_ONCE = 200;

/** Decides all answers of a group that wait now; ends with 1 where one of them could not be decided. */
async function decideGroup(
  context: CommandContext,
  group_id: string,
  given: unknown,
  action: ReviewManyRequest['action'],
): Promise<ExitCode> {
  const { reason, by } = readOptions(groupOptions, given);
  const { client } = await context.session();
  const run_ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.review.list({ group_id, cursor, limit: 500 });
    run_ids.push(...page.items.map(({ run_id }) => run_id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  if (run_ids.length === 0) throw notFound('group', group_id);
  const result: ReviewManyResult = { decided: [], refused: [] };
  for (let from = 0; from < run_ids.length; from += AT_ONCE) {
    const part = await client.review.decideMany({
      run_ids: run_ids.slice(from, from + AT_ONCE),
      action,
      reason,
      reviewed_by: by,
    });
    result.decided.push(...part.decided);
    result.refused.push(...part.refused);
  }
  print(context, result, ({ decided, refused }) =>
    inert(
      [
        `${decided.length} of ${run_ids.length} ${REVIEW_DECISIONS[action]}`,
        ...refused.map(({ run_id, message }) => `  ${run_id}: ${message}`),
        '',
      ].join('\n'),
    ),
  );
  return result.refused.length > 0 ? 1 : 0;
}

export const acceptGroup: CommandBody = (context, args, given) =>
  decideGroup(context, required(args, 0), given, 'accept');

export const dismissGroup: CommandBody = (context, args, given) =>
  decideGroup(context, required(args, 0), given, 'dismiss');

async function readText(file: string): Promise<string> {
  return file === '-' ? readable(file, decodeText(await buffer(process.stdin))) : readGivenText(file);
}
