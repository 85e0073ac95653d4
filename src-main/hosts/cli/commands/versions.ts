import * as z from 'zod';
import { versionName } from '../../../../src-shared/domain';
import { print, type CommandBody } from '../command';
import { flag, pageOptions, readOptions, required } from '../options';
import { moreLine, table, type Column } from '../table';
import { resolveTargets } from '../targets';
import { findExisting, findTemplate, printOrigin } from '../template-source';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

const ensureOptions = z.object({ target: z.string().optional(), force: flag });

export const ensure: CommandBody = async (context, args, given) => {
  const { target: text, force } = readOptions(ensureOptions, given);
  const { client } = await context.session();
  const [target] = text === undefined ? [] : await resolveTargets(client, [text]);
  const { template, origin } = await findTemplate(client, required(args, 0));
  printOrigin(context.terminal, template, origin);
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
};

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

export const list: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const versions = await client.versions.list({ template_id: required(args, 0) });
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
};

const pinOptions = z.object({ note: z.string().optional() });

export const pin: CommandBody = async (context, args, given) => {
  const { note = null } = readOptions(pinOptions, given);
  const { client } = await context.session();
  const { template, origin } = await findTemplate(client, required(args, 0));
  printOrigin(context.terminal, template, origin);
  const { template_id } = template;
  const provider_version_key = required(args, 1);
  const pinned = await client.versions.pin({ template_id, provider_version_key, note });
  print(context, pinned, () =>
    inert(`"${template.name}" is pinned to ${versionName(provider_version_key)}\n`),
  );
};

export const unpin: CommandBody = async (context, args, given) => {
  const { note = null } = readOptions(pinOptions, given);
  const { client } = await context.session();
  const template = await findExisting(client, required(args, 0));
  const unpinned = await client.versions.unpin({ template_id: template.template_id, note });
  print(context, unpinned, () => inert(`"${template.name}" is no longer pinned; any version may answer\n`));
};

const driftOptions = z.object({
  template: z.string().optional(),
  ...pageOptions,
});

const DRIFT_COLUMNS: readonly Column[] = [
  { title: 'seen', dispensable: 2 },
  { title: 'template', dispensable: 1, keep: 'end' },
  { title: 'model', min: 12, keep: 'end' },
  { title: 'before', min: 16 },
  { title: 'evidence' },
  { title: 'after', min: 16 },
  { title: 'evidence' },
];

export const drift: CommandBody = async (context, _args, given) => {
  const { template: template_id, limit, cursor } = readOptions(driftOptions, given);
  const { client } = await context.session();
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
};
