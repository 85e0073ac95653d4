import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { PromptSummary } from '../../../../src-shared/domain';
import { showNotice } from '../../../commands';
import { api, changeNotice } from '../../../rpc';

type Switched = Pick<PromptSummary, 'prompt_id' | 'name' | 'active'>;

export interface Activity {
  /** Sets an inactive prompt active; of an active one, asks first. */
  toggle(): void;
  readonly disabled: string | undefined;
  /** The prompt that the dialog asks about. */
  readonly asking: Switched | undefined;
  close(): void;
}

/** Sets a prompt inactive, or active again. */
export function useActivity(prompt: Switched | undefined): Activity {
  const [asking, setAsking] = useState<Switched>();
  const change = useMutation({
    mutationFn: (prompt_id: string) => api.prompts.update({ prompt_id, active: true }),
    onSuccess: ({ name }) => showNotice(`${name} is active again.`),
    onError: (error) => showNotice(changeNotice(error, 'The prompt was not changed')),
  });
  return {
    toggle() {
      if (prompt?.active === false) change.mutate(prompt.prompt_id);
      else setAsking(prompt);
    },
    disabled: change.isPending ? 'It is being changed.' : undefined,
    asking,
    close: () => setAsking(undefined),
  };
}
