import { versionTitle } from '../../../../src-shared/domain';
import { Section } from '../../../ui';
import { SentMessages } from '../../messages';
import type { FirstPrompt } from './use-first-prompts';
import classes from './new-comparison.module.css';

/** How many versions are shown as they would be sent. */
const PROMPTS_SHOWN = 4;

export function FirstPrompts({ prompts }: { readonly prompts: readonly FirstPrompt[] }) {
  return prompts.slice(0, PROMPTS_SHOWN).map(({ template, rendered, problem }) => {
    const of = prompts.length > 1 ? ` of ${versionTitle(template)}` : '';
    return (
      <Section key={template.template_id} title={`First prompt${of}, exactly as sent`}>
        {problem !== null && <p className={classes.problem}>{problem}</p>}
        {/* Files are judged where one model is chosen: here, each column has its own. */}
        {rendered && <SentMessages messages={rendered.messages} asked={null} of={of} />}
      </Section>
    );
  });
}
