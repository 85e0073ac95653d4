import { ORPCError } from '@orpc/contract';
import type { Template } from '../../../../src-shared/domain';
import { oneLine } from '../cell-text';
import type { CommandContext } from '../command';
import { inert, type Terminal } from '../terminal';
import type { SampleToShow } from './comparison';

/** The same configuration twice in one workspace. */
export async function showDuplicate(context: CommandContext, { template }: SampleToShow): Promise<boolean> {
  const { client } = await context.session();
  context.terminal.out('\nThe same configuration under another name:\n');
  return refused(
    client.templates.create({ ...configurationOf(template), name: 'The same under another name' }),
    'TEMPLATE_DUPLICATE',
    context.terminal,
  );
}

/** A practice model whose version moves with each request: it is seen, pinned, and moves. */
const DRIFTING = { provider: 'practice-openai', model_id: 'gpt-4o@drift=1' };

/** A pin, the model's move, and the run that is refused because of it, before anything is sent. */
export async function showDrift(
  context: CommandContext,
  { template, inputs }: SampleToShow,
): Promise<{ pinned: boolean; drift_refused: boolean }> {
  const { terminal } = context;
  const { client } = await context.session();
  const { template_id } = await client.templates.create({
    ...configurationOf(template),
    ...DRIFTING,
    name: 'Pinned',
  });
  const seen = await client.versions.ensure({ template_id });
  const pin = await client.versions.pin({
    template_id,
    provider_version_key: seen.provider_version_key,
    note: 'Tested and approved',
  });
  terminal.out(`\nPinned to the version answering now: ${inert(seen.provider_version_key)}\n`);
  await client.versions.ensure({ template_id, force: true });
  const { items } = await client.versions.drift({ template_id });
  for (const { before, after } of items) {
    terminal.out(
      inert(`  the model changed: ${before.provider_version_key} -> ${after.provider_version_key}\n`),
    );
  }
  const run = client.runs.start({ template_id, variables: inputs[0] ?? {} });
  const refusedNow = await refused(run, 'VERSION_MISMATCH', terminal);
  return {
    pinned: pin.provider_version_key === seen.provider_version_key,
    drift_refused: refusedNow && items.length === 1,
  };
}

/** What makes a template a duplicate of another (docs/canonical.md#template-configuration). */
function configurationOf(template: Template) {
  return {
    system_instructions: template.system_instructions,
    user_prompt_template: template.user_prompt_template,
    country_set: template.country_set,
    provider: template.provider,
    model_id: template.model_id,
    inference_params: template.inference_params,
    response_schema: template.response_schema,
    grounding_mode: template.grounding_mode,
    als: template.als,
  };
}

async function refused(call: Promise<unknown>, code: string, terminal: Terminal): Promise<boolean> {
  try {
    await call;
    terminal.out(`  accepted, but should have been refused with ${code}\n`);
    return false;
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error;
    terminal.out(`  ${error.status} ${error.code}: ${oneLine(error.message)}\n`);
    return error.code === code;
  }
}
