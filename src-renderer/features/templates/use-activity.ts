import { useMutation } from '@tanstack/react-query';
import type { PromptSummary } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeNotice } from '../../rpc';

interface Activity {
  toggle(): void;
  readonly disabled: string | undefined;
}

/** Sets a prompt inactive, or active again; both can be undone by the same command. */
export function useActivity(prompt: Pick<PromptSummary, 'prompt_id' | 'active'> | undefined): Activity {
  const change = useMutation({
    mutationFn: (input: { prompt_id: string; active: boolean }) => api.prompts.update(input),
    onSuccess: ({ name, active }) =>
      showNotice(active ? `${name} is active again.` : `${name} is inactive: it no longer runs.`),
    onError: (error) => showNotice(changeNotice(error, 'The prompt was not changed')),
  });
  return {
    toggle: () => prompt && change.mutate({ prompt_id: prompt.prompt_id, active: !prompt.active }),
    disabled: change.isPending ? 'It is being changed.' : undefined,
  };
}
