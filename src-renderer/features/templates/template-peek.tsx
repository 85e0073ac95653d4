import { useQuery } from '@tanstack/react-query';
import { templateTitle } from '../../../src-shared/domain';
import { CommandButton, SidePanel } from '../../commands';
import { failureOf, orpc } from '../../rpc';
import {
  ExactTime,
  Fact,
  Facts,
  FailureView,
  JsonBlock,
  Mono,
  Note,
  Section,
  TextBlock,
  Waiting,
} from '../../ui';
import classes from './templates.module.css';

export function TemplatePeek({
  templateId,
  onClose,
}: {
  readonly templateId: string;
  readonly onClose: () => void;
}) {
  const query = useQuery(orpc.templates.get.queryOptions({ input: { template_id: templateId } }));
  const template = query.data;
  return (
    <SidePanel label="Template" title={template ? templateTitle(template) : 'Template'} onClose={onClose}>
      {query.isError ? (
        <FailureView inline title="The template could not be loaded" {...failureOf(query.error)} />
      ) : !template ? (
        <Waiting lines={8} />
      ) : (
        <>
          <div className={classes.peekActions}>
            <CommandButton id="list.open" showKeys>
              Open
            </CommandButton>
            <CommandButton id="template.compare" showKeys>
              Compare
            </CommandButton>
            <CommandButton id="template.label" showKeys>
              Labels…
            </CommandButton>
            <CommandButton id="template.archive" showKeys>
              Archive
            </CommandButton>
          </div>
          <Section title="System">
            {template.system_instructions ? (
              <TextBlock text={template.system_instructions} label="System instructions" mono />
            ) : (
              <Note>None.</Note>
            )}
          </Section>
          <Section title="User">
            {template.user_prompt_template ? (
              <TextBlock text={template.user_prompt_template} label="User prompt template" mono />
            ) : (
              <Note>None.</Note>
            )}
          </Section>
          <Section title="Configuration">
            <Facts>
              <Fact name="Model">
                <Mono>{template.model_id}</Mono>
                {template.provider && <span className={classes.note}>{template.provider}</span>}
              </Fact>
              <Fact name="Variables">{template.variables.join(', ') || 'none'}</Fact>
              <Fact name="Hash" copy={template.config_sha256}>
                <Mono>{template.config_sha256}</Mono>
              </Fact>
              <Fact name="Id" copy={template.template_id}>
                <Mono>{template.template_id}</Mono>
              </Fact>
              <Fact name="Frozen">
                <ExactTime iso={template.created_at} />
              </Fact>
            </Facts>
            {Object.keys(template.inference_params).length > 0 && (
              <JsonBlock value={template.inference_params} label="Inference parameters" />
            )}
          </Section>
        </>
      )}
    </SidePanel>
  );
}
