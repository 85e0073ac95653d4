import { IconPlayerPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Prompt } from '../../../../src-shared/domain';
import { CommandButton, useCommands } from '../../../commands';
import { orpc } from '../../../rpc';
import { InactiveDialog, useActivity } from '../../templates';
import { useEditor, useEditorStore } from '../draft-store';
import classes from '../editor.module.css';

/** Says that the open prompt is inactive, with the way out; keeps in the store whether it is. */
export function InactivePrompt() {
  const store = useEditorStore();
  const base = useEditor((state) => state.base);
  const prompt = useQuery(
    orpc.prompts.get.queryOptions({
      input: { prompt_id: base?.prompt_id ?? '' },
      enabled: base !== null,
      placeholderData: undefined,
    }),
  ).data;
  const isInactive = prompt?.active === false;
  useEffect(() => store.setState({ isInactive }), [store, isInactive]);
  return prompt === undefined ? null : <Switch prompt={prompt} />;
}

function Switch({ prompt }: { readonly prompt: Prompt }) {
  const activity = useActivity(prompt);
  useCommands({ 'prompt.active': { run: activity.toggle, disabled: activity.disabled } });
  return (
    <>
      {!prompt.active && (
        <div className={classes.inactive} role="status">
          <IconPlayerPause size={15} aria-hidden />
          <span>
            This prompt is inactive: it is neither run nor compared nor fetched by label. It can be edited.
          </span>
          <CommandButton id="prompt.active" size="compact-xs">
            Set active
          </CommandButton>
        </div>
      )}
      <InactiveDialog activity={activity} />
    </>
  );
}
