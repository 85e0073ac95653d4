import { Button } from '@mantine/core';
import type { Failure } from '../../../rpc';
import { useActivity } from './use-activity';

/** Beside a refusal: sets the prompt active, where its being inactive is what was refused. */
export function InactiveWayOut({ failure }: { readonly failure: Pick<Failure, 'code' | 'data'> }) {
  const { prompt_id: id } = failure.data;
  const prompt_id = failure.code === 'PROMPT_INACTIVE' && typeof id === 'string' ? id : undefined;
  const { toggle, disabled } = useActivity(
    prompt_id === undefined ? undefined : { prompt_id, name: '', active: false },
  );
  if (prompt_id === undefined) return null;
  return (
    <Button size="xs" variant="default" loading={disabled !== undefined} onClick={toggle}>
      Set active
    </Button>
  );
}
