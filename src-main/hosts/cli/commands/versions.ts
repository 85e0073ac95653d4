import * as z from 'zod';
import { print, type CommandBody } from '../command';
import { flag, readOptions, required } from '../options';
import { resolveTargets } from '../targets';
import { inert, table } from '../terminal';

const ensureOptions = z.object({ target: z.string().optional(), force: flag });

export const ensure: CommandBody = async (context, args, given) => {
  const { target: text, force } = readOptions(ensureOptions, given);
  const { client } = await context.session();
  const [target] = text === undefined ? [] : await resolveTargets(client, [text]);
  const version = await client.versions.ensure({ template_id: required(args, 0), ...target, force });
  print(context, version, ({ provider, model_id, provider_version_key, evidence_grade, source, created }) =>
    inert(
      `${provider}:${model_id} answers as ${provider_version_key} (${evidence_grade}, ${source}${created ? ', new' : ''})\n`,
    ),
  );
};

export const list: CommandBody = async (context, args) => {
  const { client } = await context.session();
  const versions = await client.versions.list({ template_id: required(args, 0) });
  print(context, versions, ({ items }) => {
    const rows = items.map((item) => [
      inert(item.provider_version_key),
      item.evidence_grade,
      inert(`${item.provider}:${item.model_id}`),
      item.first_seen_at,
      item.last_seen_at,
    ]);
    return table(['version', 'evidence', 'model', 'first seen', 'last seen'], rows);
  });
};
