import { ORPCError } from '@orpc/contract';
import { AppError, DEFAULT_WORKSPACE_ID, versionNamed, type NamedTemplate } from '../../../src-shared/domain';
import type { PrompterClient } from '../../rpc';

/** Whether an argument has the form of an id. A prompt may be called like one, so it is looked up as an id first. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id of the prompt that an argument names, inactive or not. @throws NOT_FOUND, PROMPT_AMBIGUOUS */
export async function promptId(
  client: PrompterClient,
  argument: string,
  workspace_id: string,
): Promise<string> {
  if (ID.test(argument)) {
    const found = await unlessMissing(client.prompts.get({ prompt_id: argument }));
    if (found !== null) return found.prompt_id;
    const template = await unlessMissing(client.templates.get({ template_id: argument }));
    if (template !== null) return template.prompt_id;
  }
  return byName(client, argument, workspace_id);
}

/** The list finds whoever is called so; fetching would refuse an inactive one. */
async function byName(client: PrompterClient, name: string, workspace_id: string): Promise<string> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.prompts.list({
      q: name,
      workspace_id,
      include_archived: true,
      include_inactive: true,
      limit: 500,
      cursor,
    });
    ids.push(...page.items.filter((item) => item.name === name).map(({ prompt_id }) => prompt_id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  const [first, second] = ids;
  if (first === undefined) {
    throw new AppError('NOT_FOUND', `No prompt is called "${name}".`, { data: { what: 'prompt', name } });
  }
  if (second !== undefined) {
    throw new AppError(
      'PROMPT_AMBIGUOUS',
      `${ids.length} prompts are called "${name}". Give the id of one.`,
      {
        data: { name, prompt_ids: ids },
      },
    );
  }
  return first;
}

/** The template that an argument names: its id, or `name`, `name@label`, `name@v3`, `name@latest`. */
export async function templateId(
  client: PrompterClient,
  argument: string,
  workspace_id = DEFAULT_WORKSPACE_ID,
): Promise<string> {
  return ID.test(argument) ? argument : (await templateByName(client, argument, workspace_id)).template_id;
}

/** `templateId` for an option that may be left out. */
export async function givenTemplateId(
  client: PrompterClient,
  argument: string | undefined,
): Promise<string | undefined> {
  return argument === undefined ? undefined : templateId(client, argument);
}

/** `templateId` with the template, and the label that led to it where one was given. */
export async function namedTemplate(
  client: PrompterClient,
  argument: string,
  workspace_id = DEFAULT_WORKSPACE_ID,
): Promise<{ template: NamedTemplate; label: string | null }> {
  if (ID.test(argument)) {
    return { template: await client.templates.get({ template_id: argument }), label: null };
  }
  const { label, ...template } = await templateByName(client, argument, workspace_id);
  return { template, label };
}

function templateByName(client: PrompterClient, argument: string, workspace_id: string) {
  const at = argument.lastIndexOf('@');
  const [name, place] = at > 0 ? [argument.slice(0, at), argument.slice(at + 1)] : [argument, 'latest'];
  const version = versionNamed(place);
  return client.prompts.byName({
    name,
    workspace_id,
    ...(version === null ? { label: place } : { version }),
  });
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ORPCError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
