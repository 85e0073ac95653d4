import { templateTitle, versionName, type TemplatePin } from '../../../../src-shared/domain';
import type { PrompterClient } from '../../../rpc';
import { print } from '../command';
import { defineCommand, flag, text, type CommandGroup } from '../command-spec';
import { OF_TEMPLATE, PAGE, TARGET, WORKSPACE } from '../common-options';
import { givenTemplateId, templateId } from '../prompt-source';
import { moreLine, table, type Column } from '../table';
import { resolveTargets } from '../targets';
import { findExisting, findTemplate, printOrigin } from '../template-source';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

export const ensure = defineCommand({
  usage: 'versions ensure <template>',
  about: "Probe a template's model once (id, name@label, name@v3 or file) and record which version answers",
  options: {
    target: TARGET,
    force: flag('probe even if the version is known'),
  },
  example: 'prompter versions ensure 0198c0de-… --target practice-openai:gpt-4o',
  body: async (context, args, { target: asked, force }) => {
    const { client } = await context.session();
    const [target] = asked === undefined ? [] : await resolveTargets(client, [asked]);
    const source = await findTemplate(client, args.template);
    printOrigin(context.terminal, source);
    const { template } = source;
    const version = await client.versions.ensure({ template_id: template.template_id, ...target, force });
    print(context, version, (found) => {
      const model = `${found.provider}:${found.model_id}`;
      const name = versionName(found.provider_version_key);
      const facts = `${found.evidence_grade}, ${found.source}${found.created ? ', new' : ''}`;
      return inert(
        found.unverified_reason === null
          ? `${model} is served by ${name} (${facts})\n`
          : `${model}: last known as ${name} (${facts}); unverified, ${WHY_UNVERIFIED[found.unverified_reason]}\n`,
      );
    });
  },
});

const WHY_UNVERIFIED = {
  probes_off: 'because probes are off (PROMPTER_PROBE_DISABLED)',
  offline: 'because its server cannot be reached',
} as const;

const COLUMNS: readonly Column[] = [
  { title: 'version', min: 16 },
  { title: 'evidence' },
  { title: 'model', min: 12, keep: 'end' },
  { title: 'first seen', dispensable: 1 },
  { title: 'last seen', dispensable: 2 },
];

export const list = defineCommand({
  usage: 'versions list <template>',
  about: 'List model versions seen with a template (id, name@label or name@v3), latest first',
  options: { workspace: WORKSPACE },
  example: 'prompter versions list refund-triage@production',
  body: async (context, args, { workspace }) => {
    const { client } = await context.session();
    const template_id = await templateId(client, args.template, workspace);
    const versions = await client.versions.list({ template_id });
    print(context, versions, ({ items }) => {
      const rows = items.map((item) => ({
        cells: [
          item.provider_version_key,
          item.evidence_grade,
          `${item.provider}:${item.model_id}`,
          toTheSecond(item.first_seen_at),
          toTheSecond(item.last_seen_at),
        ],
      }));
      return table(COLUMNS, rows, context.terminal.columns);
    });
  },
});

export const pin = defineCommand({
  usage: 'versions pin <template> <version>',
  about:
    'Pin a template (id, name@label, name@v3 or file) to this version of a model: the one seen with it, or --target',
  options: {
    target: TARGET,
    note: text('<text>', 'why'),
  },
  example: 'prompter versions pin 0198c0de-… gpt-4o-2024-08-06 --note "as reviewed"',
  body: async (context, args, { note = null, target }) => {
    const { client } = await context.session();
    const model = await pinnedModel(client, target);
    const source = await findTemplate(client, args.template);
    printOrigin(context.terminal, source);
    const { template } = source;
    const { template_id } = template;
    const provider_version_key = args.version;
    const pinned = await client.versions.pin({ template_id, provider_version_key, note, ...model });
    print(context, pinned, () =>
      inert(
        `"${templateTitle(template)}" is pinned to ${versionName(provider_version_key)} for ${modelName(pinned)}\n`,
      ),
    );
  },
});

export const unpin = defineCommand({
  usage: 'versions unpin <template>',
  about:
    'Unpin a template (id, name@label, name@v3 or file), so that any version of its own model, or of --target, may answer',
  options: {
    target: TARGET,
    note: text('<text>', 'why'),
  },
  example: 'prompter versions unpin 0198c0de-…',
  body: async (context, args, { note = null, target }) => {
    const { client } = await context.session();
    const model = await pinnedModel(client, target);
    const template = await findExisting(client, args.template);
    const unpinned = await client.versions.unpin({ template_id: template.template_id, note, ...model });
    print(context, unpinned, () =>
      inert(
        `"${templateTitle(template)}" is no longer pinned for ${modelName(unpinned)}; any version of it may answer\n`,
      ),
    );
  },
});

/** A pin is about a provider's model, whichever connection reaches it. */
async function pinnedModel(
  client: PrompterClient,
  asked: string | undefined,
): Promise<{ provider?: string | undefined; model_id?: string }> {
  const [target] = asked === undefined ? [] : await resolveTargets(client, [asked]);
  if (target === undefined) return {};
  const { connection_id, provider, model_id } = target;
  if (connection_id === undefined) return { provider, model_id };
  const { items } = await client.connections.list();
  return { provider: items.find((one) => one.connection_id === connection_id)?.provider, model_id };
}

function modelName({ provider, model_id }: Pick<TemplatePin, 'provider' | 'model_id'>): string {
  return provider === null ? (model_id ?? 'its model') : `${provider}:${model_id}`;
}

const DRIFT_COLUMNS: readonly Column[] = [
  { title: 'seen', dispensable: 2 },
  { title: 'template', dispensable: 1, keep: 'end' },
  { title: 'model', min: 12, keep: 'end' },
  { title: 'before', min: 16 },
  { title: 'evidence' },
  { title: 'after', min: 16 },
  { title: 'evidence' },
];

export const drift = defineCommand({
  usage: 'versions drift',
  about: 'List model version changes under a template, newest first',
  options: {
    template: OF_TEMPLATE,
    ...PAGE,
  },
  example: 'prompter versions drift --template 0198c0de-…',
  body: async (context, _args, { template, limit, cursor }) => {
    const { client } = await context.session();
    const template_id = await givenTemplateId(client, template);
    const page = await client.versions.drift({ template_id, limit, cursor });
    print(context, page, ({ items, next_cursor }) => {
      const rows = items.map(({ seen_at, template_id: id, provider, model_id, before, after }) => ({
        cells: [
          toTheSecond(seen_at),
          id,
          `${provider}:${model_id}`,
          before.provider_version_key,
          before.evidence_grade,
          after.provider_version_key,
          after.evidence_grade,
        ],
      }));
      return `${table(DRIFT_COLUMNS, rows, context.terminal.columns)}${moreLine(next_cursor)}`;
    });
  },
});

export const versions: CommandGroup = {
  name: 'versions',
  about: 'Model versions: detect, list, pin, unpin, track drift',
  commands: [ensure, list, pin, unpin, drift],
};
