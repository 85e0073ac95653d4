import {
  changesInWords,
  DEFAULT_WORKSPACE_ID,
  promptOrderSchema,
  sumInWords,
  templateTitle,
  textTitle,
  type HistoryEntry,
  type PromptSummary,
  type RunTotals,
  type TemplateDiff,
} from '../../../../src-shared/domain';
import { toTheSecond } from '../cell-text';
import { approval, decide, labels } from './label-approvals';
import { print } from '../command';
import { defineCommand, flag, option, text, type CommandGroup } from '../command-spec';
import { PAGE, WORKSPACE } from '../common-options';
import { promptId, templateId } from '../prompt-source';
import { moreLine, table, type Column } from '../table';
import { inert } from '../terminal';

const LIST_COLUMNS: readonly Column[] = [
  { title: 'prompt', dispensable: 2 },
  { title: 'name', min: 12 },
  { title: 'version', align: 'right' },
  { title: 'labels', min: 10 },
  { title: 'models', min: 12, dispensable: 1 },
  { title: 'runs', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'last run', dispensable: 3 },
  { title: '' },
];

export const list = defineCommand({
  usage: 'prompts list',
  about: 'List and search prompts, a row each',
  options: {
    label: text('<label>', 'only prompts with this label'),
    tag: text('<tag>', 'only prompts with this tag'),
    model: text('<model>', 'only prompts with a version for this model'),
    query: text('<text>', 'words to search for'),
    workspace: text('<id>', 'only in this workspace'),
    archived: flag('include prompts whose versions are all archived'),
    inactive: flag('include inactive prompts'),
    sort: option(
      '<order>',
      'changed, name, last_run, runs, cost or versions; with a - before it, descending (default: -changed)',
      promptOrderSchema.default('-changed'),
    ),
    ...PAGE,
  },
  example: 'prompter prompts list --label production --sort=-cost',
  body: async (context, _args, options) => {
    const { client } = await context.session();
    const page = await client.prompts.list({
      q: options.query,
      label: options.label,
      tag: options.tag,
      model_id: options.model,
      workspace_id: options.workspace,
      include_archived: options.archived,
      include_inactive: options.inactive,
      sort: options.sort,
      limit: options.limit,
      cursor: options.cursor,
    });
    print(context, page, ({ items, total, next_cursor }) => {
      const rows = items.map((item) => ({ cells: cellsOf(item) }));
      return `${table(LIST_COLUMNS, rows, context.terminal.columns)}${items.length} of ${total}\n${moreLine(next_cursor)}`;
    });
  },
});

function cellsOf(item: PromptSummary): string[] {
  return [
    item.prompt_id,
    item.name,
    `v${item.latest?.version_number ?? 0}`,
    item.labels.map(({ label, version_number }) => `${label} v${version_number ?? '?'}`).join(', '),
    item.models.join(', '),
    runsText(item),
    costText(item),
    item.last_run_at === null ? '–' : toTheSecond(item.last_run_at),
    [...(item.active ? [] : ['inactive']), ...(item.archived ? ['archived'] : [])].join(', '),
  ];
}

const runsText = ({ runs }: RunTotals): string => (runs === null ? '?' : String(runs));

function costText({ runs, simulated_runs, cost_usd, unpriced_runs }: RunTotals): string {
  if (runs === null) return '?';
  return runs === simulated_runs ? '–' : sumInWords(cost_usd, unpriced_runs ?? 0);
}

const HISTORY_COLUMNS: readonly Column[] = [
  { title: 'version', align: 'right' },
  { title: 'from', align: 'right' },
  { title: 'template', dispensable: 1 },
  { title: 'note', min: 16 },
  { title: 'labels', min: 10 },
  { title: 'runs', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'created', dispensable: 3 },
  { title: 'by', dispensable: 2 },
  { title: '' },
];

export const history = defineCommand({
  usage: 'prompts history <prompt>',
  about: 'List the versions of a prompt (name or id), newest first',
  options: { trials: flag('list its trials, too'), workspace: WORKSPACE, ...PAGE },
  example: 'prompter prompts history refund-triage',
  body: async (context, args, { trials, workspace, limit, cursor }) => {
    const { client } = await context.session();
    const prompt_id = await promptId(client, args.prompt, workspace ?? DEFAULT_WORKSPACE_ID);
    const page = await client.prompts.history({ prompt_id, include_trials: trials, limit, cursor });
    print(context, page, ({ items, next_cursor, trials: count }) => {
      const rows = items.map((item) => ({ cells: historyCells(item) }));
      const rest = trials || count === 0 ? '' : `${count} trials besides: --trials lists them\n`;
      return `${table(HISTORY_COLUMNS, rows, context.terminal.columns)}${moreLine(next_cursor)}${rest}`;
    });
  },
});

function historyCells(item: HistoryEntry): string[] {
  return [
    item.trial ? 'trial' : `v${item.version_number ?? '?'}`,
    item.parent_version_number === null ? '–' : `v${item.parent_version_number}`,
    item.template_id,
    item.message ?? '',
    item.labels.join(', '),
    runsText(item),
    costText(item),
    toTheSecond(item.created_at),
    item.created_by ?? '–',
    item.deleted_at === null ? '' : 'archived',
  ];
}

export const rename = defineCommand({
  usage: 'prompts rename <prompt> <name>',
  about: 'Rename a prompt (name or id); the records of its versions keep theirs',
  options: { by: text('<name>', 'who renames it, for the record'), workspace: WORKSPACE },
  example: 'prompter prompts rename refund-triage "Refund triage"',
  body: async (context, args, { by, workspace }) => {
    const { client } = await context.session();
    const prompt_id = await promptId(client, args.prompt, workspace ?? DEFAULT_WORKSPACE_ID);
    const prompt = await client.prompts.update({ prompt_id, name: args.name, changed_by: by ?? null });
    print(context, prompt, ({ name }) => `It is called "${inert(name)}" now\n`);
  },
});

const setActive = (active: boolean) =>
  ({
    options: { by: text('<name>', 'who changes it, for the record'), workspace: WORKSPACE },
    body: async (
      context: Parameters<Parameters<typeof defineCommand>[0]['body']>[0],
      args: { readonly prompt: string },
      { by, workspace }: { readonly by: string | undefined; readonly workspace: string | undefined },
    ): Promise<void> => {
      const { client } = await context.session();
      const prompt_id = await promptId(client, args.prompt, workspace ?? DEFAULT_WORKSPACE_ID);
      const prompt = await client.prompts.update({ prompt_id, active, changed_by: by ?? null });
      print(context, prompt, ({ name }) => `"${inert(name)}" is ${active ? 'active' : 'inactive'} now\n`);
    },
  }) as const;

export const deactivate = defineCommand({
  usage: 'prompts deactivate <prompt>',
  about: 'Set a prompt (name or id) inactive: it is neither run nor fetched by label nor compared',
  example: 'prompter prompts deactivate refund-triage',
  ...setActive(false),
});

export const activate = defineCommand({
  usage: 'prompts activate <prompt>',
  about: 'Set an inactive prompt (name or id) active again',
  example: 'prompter prompts activate refund-triage',
  ...setActive(true),
});

/** Exit code 0 whether they differ or not: it answers a question. */
export const diff = defineCommand({
  usage: 'prompts diff <from> <to>',
  about: 'Show how two versions differ: ids, name@label or name@v3',
  options: { workspace: WORKSPACE },
  example: 'prompter prompts diff refund-triage@production refund-triage@latest',
  body: async (context, args, { workspace }) => {
    const { client } = await context.session();
    const [from, to] = [
      await templateId(client, args.from, workspace),
      await templateId(client, args.to, workspace),
    ];
    const found = await client.templates.diff({ from, to });
    print(context, found, (value) => inert(diffText(value)));
  },
});

function diffText({ from, to, same_configuration, texts, patch }: TemplateDiff): string {
  const title = `${templateTitle(from)} → ${templateTitle(to)}\n`;
  const words = texts.map(({ path, changes }) => {
    const marked = changes
      .map(({ kind, text: part }) => ({ same: part, added: `{+${part}+}`, removed: `[-${part}-]` })[kind])
      .join('');
    return `\n${textTitle(path)}\n${marked}\n`;
  });
  const rest = changesInWords(patch).map(({ subject, changes }) => {
    const lines = changes.map(({ what, before, after }) => {
      const change =
        before === null ? `added ${after}` : after === null ? `removed ${before}` : `${before} → ${after}`;
      return `${what}: ${change}\n`;
    });
    return `\n${subject}\n${lines.join('')}`;
  });
  const same = same_configuration ? 'The same is sent to the model.\n' : '';
  return `${title}${same}${words.join('')}${rest.join('')}`;
}

export const prompts: CommandGroup = {
  name: 'prompts',
  about: 'Prompts: list, history, rename, deactivate, activate, diff, labels, decide, approval',
  commands: [list, history, rename, deactivate, activate, diff, labels, decide, approval],
};
