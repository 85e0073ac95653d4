import {
  DEFAULT_ORG_ID,
  DEFAULT_WORKSPACE_ID,
  validationError,
  type Template,
} from '../../src-shared/domain';
import type { PartialOwner, ReadDb } from '../store';
import type { ContentInput, PromptContent } from './content';
import { frozenContent } from './create';

/**
 * What is rendered: a stored template, a draft, or a stored template of which the draft replaces something. A draft's
 * partials are frozen as creating it would.
 * @throws VALIDATION_FAILED where there is neither, or the draft has two forms of content
 */
export function renderedSource(
  db: ReadDb,
  stored: Template | undefined,
  draft: ContentInput & { readonly [Name in keyof PartialOwner]?: PartialOwner[Name] | undefined },
): PromptContent & PartialOwner {
  const { org_id, workspace_id, ...given } = draft;
  const owner = {
    org_id: org_id ?? stored?.org_id ?? DEFAULT_ORG_ID,
    workspace_id: workspace_id ?? stored?.workspace_id ?? DEFAULT_WORKSPACE_ID,
  };
  if (Object.values(given).every((value) => (value ?? null) === null)) {
    if (stored !== undefined) return stored;
    throw validationError([{ path: 'template_id', message: 'give a template or the content of a draft' }]);
  }
  const hasTexts = (given.system_instructions ?? given.user_prompt_template ?? null) !== null;
  const rest = {
    tools: given.tools ?? stored?.tools,
    tool_choice: given.tool_choice ?? stored?.tool_choice,
    includes: given.includes,
  };
  if (given.messages) {
    return { ...owner, ...frozenContent(db, { ...owner, ...given, ...rest }) };
  }
  const content = hasTexts
    ? {
        system_instructions: given.system_instructions ?? stored?.system_instructions,
        user_prompt_template: given.user_prompt_template ?? stored?.user_prompt_template,
      }
    : { messages: stored?.messages };
  return { ...owner, ...frozenContent(db, { ...owner, ...content, ...rest }) };
}
