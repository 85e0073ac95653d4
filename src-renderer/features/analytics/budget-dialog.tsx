import { Button, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { budgetChangeSchema, type BudgetStanding } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { FormDialog, useFormat } from '../../ui';

const DEFAULT_WARNING = 80;

/** Sets or removes a workspace's monthly budget. */
export function BudgetDialog({ standing, onClose }: { readonly standing: BudgetStanding; onClose(): void }) {
  const { org_id, workspace_id, monthly_usd, warn_percent } = standing;
  const format = useFormat();
  const queryClient = useQueryClient();
  const [amount, setAmount] = useState(monthly_usd ?? '');
  const [warning, setWarning] = useState(warn_percent ?? DEFAULT_WARNING);
  const problem = budgetChangeSchema.shape.monthly_usd.safeParse(amount.trim()).success
    ? null
    : 'Enter an amount in USD below a million, such as 25.50';
  const save = useMutation({
    mutationFn: (usd: string | null) =>
      api.insight.setBudget({ org_id, workspace_id, monthly_usd: usd, warn_percent: warning }),
    onSuccess: (_, usd) => {
      void queryClient.invalidateQueries({ queryKey: orpc.insight.key() });
      showNotice(usd === null ? 'Budget removed.' : `Budget set to ${format.money(usd)} a month.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Monthly budget for ${workspace_id}`}
      submit="Set budget"
      isBusy={save.isPending}
      disabled={problem !== null}
      failure={save.isError ? changeFailure(failureOf(save.error), 'The budget was not changed') : null}
      actions={
        monthly_usd !== null && (
          <Button size="xs" variant="default" loading={save.isPending} onClick={() => save.mutate(null)}>
            Remove budget
          </Button>
        )
      }
      onSubmit={() => save.mutate(amount.trim())}
      onClose={onClose}
    >
      <TextInput
        label="USD a month"
        description="Calendar months, UTC. Practice runs never count."
        data-autofocus
        inputMode="decimal"
        value={amount}
        error={amount.trim() === '' ? null : problem}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <NumberInput
        mt="sm"
        label="Warn at (%)"
        min={1}
        max={100}
        allowDecimal={false}
        value={warning}
        onChange={(value) => setWarning(typeof value === 'number' ? value : DEFAULT_WARNING)}
      />
    </FormDialog>
  );
}
