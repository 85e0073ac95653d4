import { DEFAULT_WORKSPACE_ID, labelDecisionWordSchema, labelSchema } from '../../../../src-shared/domain';
import { toTheSecond } from '../cell-text';
import { print } from '../command';
import { defineCommand, text } from '../command-spec';
import { PAGE } from '../common-options';
import { usageError } from '../failure';
import { promptId } from '../prompt-source';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';

const MOVE_COLUMNS: readonly Column[] = [
  { title: 'label' },
  { title: 'to', align: 'right' },
  { title: 'moved' },
  { title: 'by', dispensable: 1 },
  { title: 'approved by', dispensable: 2 },
];

const REQUEST_COLUMNS: readonly Column[] = [
  { title: 'request' },
  { title: 'label' },
  { title: 'to', align: 'right' },
  { title: 'by', min: 10 },
  { title: 'decision', min: 10 },
];

export const labels = defineCommand({
  usage: 'prompts labels <prompt>',
  about: 'List the moves of the labels of a prompt (name or id), newest first, and the latest requests',
  options: { workspace: text('<id>', 'the workspace in which a name is looked up'), ...PAGE },
  example: 'prompter prompts labels refund-triage',
  body: async (context, args, { workspace, limit, cursor }) => {
    const { client } = await context.session();
    const prompt_id = await promptId(client, args.prompt, workspace ?? DEFAULT_WORKSPACE_ID);
    const moves = await client.prompts.labels({ prompt_id, limit, cursor });
    const requests = await client.prompts.labelRequests({ prompt_id, limit });
    print(context, { ...moves, requests: requests.items }, ({ items, next_cursor }) => {
      const moved = items.map((move) => ({
        cells: [
          move.label,
          versionText(move.version_number),
          toTheSecond(move.moved_at),
          move.moved_by ?? '–',
          move.approved_by ?? '–',
        ],
      }));
      const asked = requests.items.map(({ request_id, label, version_number, requested_by, decision }) => ({
        cells: [
          request_id,
          label,
          versionText(version_number),
          requested_by,
          decision === null ? 'open' : `${decision.decision} by ${decision.decided_by}`,
        ],
      }));
      const width = context.terminal.columns;
      const rest = asked.length === 0 ? '' : `\n${table(REQUEST_COLUMNS, asked, width)}`;
      return `${table(MOVE_COLUMNS, moved, width)}${moreLine(next_cursor)}${rest}`;
    });
  },
});

const versionText = (version: number | null): string => (version === null ? '–' : `v${version}`);

export const decide = defineCommand({
  usage: 'prompts decide <request> <decision>',
  about: 'Decide about a requested move of a label: approved, refused or withdrawn',
  options: {
    by: text('<name>', 'who decides; somebody else than who requested, to approve'),
    reason: text('<text>', 'why; needed unless it is approved'),
  },
  example: 'prompter prompts decide 0198c0de-… approved --by Eve',
  body: async (context, args, { by, reason }) => {
    const decision = labelDecisionWordSchema.safeParse(args.decision);
    if (!decision.success) throw usageError('The decision must be approved, refused or withdrawn.');
    if (by === undefined) throw usageError('--by is missing: who decides.');
    const { client } = await context.session();
    const decided = await client.prompts.decideLabel({
      request_id: args.request,
      decision: decision.data,
      decided_by: by,
      reason: reason ?? null,
    });
    print(context, decided, ({ label }) => `The move of "${inert(label)}" is ${decision.data}\n`);
  },
});

export const approval = defineCommand({
  usage: 'prompts approval [labels]',
  about: 'Show which labels a second person has to approve, or set them: names with commas between, or none',
  options: {
    workspace: text('<id>', 'the workspace; the default one unless given'),
    by: text('<name>', 'who sets them, for the record'),
  },
  example: 'prompter prompts approval production,staging --by Ada',
  body: async (context, args, { workspace = DEFAULT_WORKSPACE_ID, by }) => {
    const { client } = await context.session();
    const given = args.labels;
    const names = given === undefined || given === 'none' ? [] : given.split(',').map((name) => name.trim());
    for (const name of names) {
      if (!labelSchema.safeParse(name).success) throw usageError(`"${name}" is not the name of a label.`);
    }
    const rules =
      given === undefined
        ? await client.prompts.labelRules()
        : await client.prompts.setLabelRule({
            workspace_id: workspace,
            labels: names,
            changed_by: by ?? null,
          });
    print(context, rules, ({ items }) => {
      const rule = items.find(({ workspace_id }) => workspace_id === workspace);
      const list = rule?.labels.join(', ') ?? '';
      return inert(
        list === '' ? 'No label needs an approval\n' : `A second person approves moves of ${list}\n`,
      );
    });
  },
});
