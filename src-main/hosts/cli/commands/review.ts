import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import {
  notFound,
  REVIEW_DECISIONS,
  templateTitle,
  type ReviewCase,
  type ReviewManyRequest,
  type ReviewManyResult,
  type ReviewRequest,
} from '../../../../src-shared/domain';
import { decodeText } from '../../../../src-shared/files/decode-text';
import type { ExitCode } from '../failure';
import { toTheSecond } from '../cell-text';
import { print, type CommandContext } from '../command';
import { accepted as readable, readGivenText } from '../files';
import { defineCommand, option, text, type CommandGroup } from '../command-spec';
import { OF_TEMPLATE, PAGE } from '../common-options';
import { givenTemplateId } from '../prompt-source';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';

const COLUMNS: readonly Column[] = [
  { title: 'run' },
  { title: 'template', min: 14, keep: 'end', dispensable: 1 },
  { title: 'model', min: 12, keep: 'end' },
  { title: 'problem', min: 24 },
  { title: 'parsed by', dispensable: 3 },
  { title: 'at', dispensable: 2 },
];

export const list = defineCommand({
  usage: 'review list',
  about: 'List runs that need review, oldest first',
  options: {
    template: OF_TEMPLATE,
    ...PAGE,
  },
  example: 'prompter review list',
  body: async (context, _args, { template, limit, cursor }) => {
    const { client } = await context.session();
    const template_id = await givenTemplateId(client, template);
    const page = await client.review.list({ template_id, limit, cursor });
    print(context, page, ({ items, next_cursor, totals }) => {
      const rows = items.map((item) => ({
        cells: [
          item.run_id,
          templateTitle(item),
          item.model_id,
          item.failure_message ?? '',
          item.parse_method_used ?? '–',
          toTheSecond(item.executed_at),
        ],
      }));
      const { open, accepted, corrected, dismissed } = totals;
      return `${table(COLUMNS, rows, context.terminal.columns)}${moreLine(next_cursor)}${open} open · ${accepted} accepted · ${corrected} corrected · ${dismissed} dismissed\n`;
    });
  },
});

const GROUP_COLUMNS: readonly Column[] = [
  { title: 'group' },
  { title: 'waiting', align: 'right' },
  { title: 'template', min: 14, keep: 'end' },
  { title: 'what is wrong', min: 24 },
];

export const groups = defineCommand({
  usage: 'review groups',
  about: 'List open answers grouped by template and problem',
  example: 'prompter review groups',
  body: async (context) => {
    const { client } = await context.session();
    const found = await client.review.groups();
    print(context, found, ({ items, grouped, totals }) => {
      const rows = items.map(({ group_id, count, problem, ...group }) => ({
        cells: [group_id, String(count), templateTitle(group), problem],
      }));
      const rest =
        totals.open > grouped ? `${totals.open - grouped} more are open but not yet in these groups\n` : '';
      return `${table(GROUP_COLUMNS, rows, context.terminal.columns)}${rest}`;
    });
  },
});

export const show = defineCommand({
  usage: 'review show <run>',
  about: 'Show what is wrong with an answer, where in its bytes, and what was decided',
  example: 'prompter review show 0198c0de-…',
  body: async (context, args) => {
    const { client } = await context.session();
    const found = await client.review.get({ run_id: args.run });
    print(context, found, (value) => inert(caseText(value)));
  },
});

/** Longer outputs are read with `runs raw`. */
const SHOWN = 4000;

function caseText({ item, state, problems, marks, reviews, ...found }: ReviewCase): string {
  const block = (title: string, content: string | null): string[] =>
    content === null ? [] : ['', `${title}:`, content.slice(0, SHOWN)];
  const lines = [
    `${item.run_id}: ${state === 'none' ? 'needs no review' : state}`,
    `${templateTitle(item)}, ${item.provider}:${item.model_id}, ${item.raw_response_size} bytes`,
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

const REASON = text('<text>', 'why');
const NEEDED_REASON = text('<text>', 'why (required)');
const BY = text('<name>', "reviewer's name, for the record");
const REPLACES = text('<review>', 'id of the review that this one replaces');

interface Decision {
  readonly reason: string | undefined;
  readonly by: string | undefined;
}

async function decide(
  context: CommandContext,
  run_id: string,
  { reason, by, replaces }: Decision & { readonly replaces: string | undefined },
  request: Pick<ReviewRequest, 'action' | 'corrected_text'>,
): Promise<void> {
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

export const accept = defineCommand({
  usage: 'review accept <run>',
  about: 'Accept an answer: the proposed repair, or its JSON as it came',
  options: {
    reason: REASON,
    by: BY,
    replaces: REPLACES,
  },
  example: 'prompter review accept 0198c0de-… --by Ada',
  body: async (context, args, options) => decide(context, args.run, options, { action: 'accept' }),
});

export const dismiss = defineCommand({
  usage: 'review dismiss <run>',
  about: 'Dismiss an answer as unusable, and record why',
  options: {
    reason: NEEDED_REASON,
    by: BY,
    replaces: REPLACES,
  },
  example: 'prompter review dismiss 0198c0de-… --reason "off topic"',
  body: async (context, args, options) => decide(context, args.run, options, { action: 'dismiss' }),
});

export const correct = defineCommand({
  usage: 'review correct <run>',
  about: 'Record the corrected output; the answer itself stays as it came',
  options: {
    file: option('<file>', 'file with the corrected output, or - for standard input (required)', z.string()),
    reason: REASON,
    by: BY,
    replaces: REPLACES,
  },
  example: 'prompter review correct 0198c0de-… --file corrected.json',
  body: async (context, args, options) => {
    const corrected_text = await readText(options.file);
    await decide(context, args.run, options, { action: 'correct', corrected_text });
  },
});

/** As many as one call decides. */
const AT_ONCE = 200;

/** Decides all answers of a group that wait now; ends with 1 where one of them could not be decided. */
async function decideGroup(
  context: CommandContext,
  group_id: string,
  { reason, by }: Decision,
  action: ReviewManyRequest['action'],
): Promise<ExitCode> {
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

export const acceptGroup = defineCommand({
  usage: 'review accept-group <group>',
  about: 'Accept every answer of a group; each is recorded individually',
  options: {
    reason: REASON,
    by: BY,
  },
  example: 'prompter review accept-group 5f0c… --by Ada',
  body: async (context, args, options) => decideGroup(context, args.group, options, 'accept'),
});

export const dismissGroup = defineCommand({
  usage: 'review dismiss-group <group>',
  about: 'Dismiss every answer of a group, and record why',
  options: {
    reason: NEEDED_REASON,
    by: BY,
  },
  example: 'prompter review dismiss-group 5f0c… --reason "off topic"',
  body: async (context, args, options) => decideGroup(context, args.group, options, 'dismiss'),
});

async function readText(file: string): Promise<string> {
  return file === '-' ? readable(file, decodeText(await buffer(process.stdin))) : readGivenText(file);
}

export const review: CommandGroup = {
  name: 'review',
  about: 'Answers that need a human decision: list, show, accept, correct, dismiss',
  commands: [list, groups, show, accept, correct, dismiss, acceptGroup, dismissGroup],
};
