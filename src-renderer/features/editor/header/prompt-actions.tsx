import { IconHistory, IconPencil, IconTag } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { templateTitle, type NamedTemplate } from '../../../../src-shared/domain';
import { CommandIcon, useCommands } from '../../../commands';
import { orpc } from '../../../rpc';
import { LabelMark } from '../../../ui';
import { LabelDialog, RenameDialog } from '../../templates';
import { useEditor } from '../draft-store';
import classes from '../editor.module.css';

/** What can be done with the prompt that is open, and with the version that its text started from. */
export function PromptActions() {
  const base = useEditor((state) => state.base);
  return base && !base.trial && <ActionsOf base={base} />;
}

function ActionsOf({ base }: { readonly base: NamedTemplate }) {
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'labels' | 'rename'>();
  const { prompt_id, template_id } = base;
  const prompt = useQuery(
    orpc.prompts.get.queryOptions({ input: { prompt_id }, placeholderData: undefined }),
  ).data;
  useCommands({
    'template.label': {
      run: () => setDialog('labels'),
      disabled: base.deleted_at === null ? undefined : 'Archived versions cannot have labels.',
    },
    'prompt.rename': {
      run: () => setDialog('rename'),
      disabled: prompt ? undefined : 'The prompt is still loading.',
    },
    'prompt.history': () =>
      void navigate({
        to: '/prompts/$promptId',
        params: { promptId: prompt_id },
        search: { at: template_id },
      }),
  });
  const close = (): void => setDialog(undefined);
  return (
    <span className={classes.promptActions}>
      <CommandIcon id="template.label">
        <IconTag size={16} aria-hidden />
      </CommandIcon>
      <CommandIcon id="prompt.rename">
        <IconPencil size={16} aria-hidden />
      </CommandIcon>
      <CommandIcon id="prompt.history">
        <IconHistory size={16} aria-hidden />
      </CommandIcon>
      {dialog === 'labels' && (
        <LabelDialog template={{ template_id, prompt_id, name: templateTitle(base) }} onClose={close} />
      )}
      {dialog === 'rename' && prompt && <RenameDialog prompt={prompt} onClose={close} />}
    </span>
  );
}

/** The labels that point to the version on screen, or to the one that a draft started from. */
export function VersionLabels({ templateId }: { readonly templateId: string }) {
  const { data } = useQuery(
    orpc.templates.labels.queryOptions({ input: { template_id: templateId }, placeholderData: undefined }),
  );
  return (
    data &&
    data.items.length > 0 && (
      <ul className={classes.versionLabels} aria-label="Labels of this version">
        {data.items.map(({ label }) => (
          <li key={label}>
            <LabelMark label={label} />
          </li>
        ))}
      </ul>
    )
  );
}
