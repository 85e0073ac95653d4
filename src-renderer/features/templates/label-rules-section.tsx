import { Button, TagsInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DEFAULT_WORKSPACE_ID, labelSchema } from '../../../src-shared/domain';
import { preferences } from '../../preferences';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { FailureView, Waiting } from '../../ui';
import classes from './templates.module.css';

/** Which labels of the workspace a second person has to approve. */
export function LabelRulesSection() {
  const rules = useQuery(orpc.prompts.labelRules.queryOptions());
  return (
    <>
      <h2>Labels</h2>
      {rules.isError ? (
        <FailureView inline title="The rules could not be loaded" {...failureOf(rules.error)} />
      ) : rules.data ? (
        <Rule
          labels={
            rules.data.items.find(({ workspace_id }) => workspace_id === DEFAULT_WORKSPACE_ID)?.labels ?? []
          }
        />
      ) : (
        <Waiting lines={2} />
      )}
    </>
  );
}

function Rule({ labels }: { readonly labels: readonly string[] }) {
  const queryClient = useQueryClient();
  const [edited, setEdited] = useState<readonly string[]>();
  const shown = edited ?? labels;
  const bad = shown.find((name) => !labelSchema.safeParse(name).success);
  const save = useMutation({
    mutationFn: () =>
      api.prompts.setLabelRule({
        labels: [...shown],
        changed_by: preferences.getState().personName.trim() || null,
      }),
    onSuccess: (rules) => {
      queryClient.setQueryData(orpc.prompts.labelRules.queryKey(), rules);
      setEdited(undefined);
    },
  });
  return (
    <div className={classes.rule}>
      <TagsInput
        label="Labels that need approval"
        description="Their moves are requested and made once a second person approves. The default workspace; each change is in the audit log."
        placeholder="production"
        value={[...shown]}
        onChange={setEdited}
        error={bad !== undefined && `“${bad}” is not the name of a label.`}
      />
      <Button
        size="xs"
        mt="xs"
        disabled={edited === undefined || bad !== undefined}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        Save
      </Button>
      {save.error && (
        <FailureView inline {...changeFailure(failureOf(save.error), 'The rule was not changed')} />
      )}
    </div>
  );
}
