import type { Template } from '../../src-shared/domain';
import { findByConfig, getTemplate, latestPromptChange, type ReadDb, type UnplacedTemplate } from '../store';
import { beyondHash, type BeyondHash } from './beyond-hash';

/**
 * What a trial's configuration is stored as already, and how it still differs from that; null where the trial is a record
 * of its own. A trial belongs to the prompt that it is made in. One that is made in none belongs to whichever prompt has
 * it, but not to one that is set inactive: that would be refused to somebody who works on something else.
 */
export function knownTrial(
  db: ReadDb,
  trial: UnplacedTemplate,
): { template: Template; differences: BeyondHash[] } | null {
  const promptId = promptOf(db, trial);
  const known = findByConfig(db, trial)
    .filter(({ prompt_id }) =>
      promptId === null ? latestPromptChange(db, prompt_id)?.active !== false : prompt_id === promptId,
    )
    .map((template) => ({ template, differences: beyondHash(template, trial) }));
  return known.find(({ differences }) => differences.length === 0) ?? known[0] ?? null;
}

/** The prompt of the trial's parent; null where it starts one of its own. */
function promptOf(db: ReadDb, trial: UnplacedTemplate): string | null {
  if (trial.parent_template_id === null || trial.fork) return null;
  const parent = getTemplate(db, trial.parent_template_id);
  return parent?.workspace_id === trial.workspace_id ? parent.prompt_id : null;
}
