import * as z from 'zod';
import { print, type CommandBody } from '../command';
import { flag, readOptions, required } from '../options';
import { table, type Column } from '../table';
import { resolveTargets } from '../targets';
import { findTemplate, tellOrigin } from '../template-source';
import { inert } from '../terminal';
import { toTheSecond } from '../cell-text';

const ensureOptions = z.object({ target: z.string().optional(), force: flag });

export const ensure: CommandBody = async (context, args, given) => {
  const { target: text, force } = readOptions(ensureOptions, given);
  const { client } = await context.session();
  const [target] = text === undefined ? [] : await resolveTargets(client, [text]);
  const { template, origin } = await findTemplate(client, required(args, 0));
  tellOrigin(context.terminal, template, origin);
  const version = await client.versions.ensure({ template_id: template.template_id, ...target, force });
  print(context, version, ({ provider, model_id, provider_version_key, evidence_grade, source, created }) =>
    inert(
      `${provider}:${model_id} answers as ${provider_version_key} (${evidence_grade}, ${source}${created ? ', new' : ''})\n`,
    ),
  );
};

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
