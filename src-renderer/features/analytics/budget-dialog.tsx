import { Button, Group, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { budgetChangeSchema, type BudgetStanding } from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf, orpc } from '../../rpc';
import { Dialog, FailureView, useFormat } from '../../ui';

const DEFAULT_WARNING = 80;

/** Sets a workspace's monthly budget, or takes it away. */
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
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === null) save.mutate(amount.trim());
  };
  return (
    <Dialog onClose={onClose} title={`Monthly budget for ${workspace_id}`}>
      <form onSubmit={submit}>
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
        {save.isError && (
          <FailureView inline {...changeFailure(failureOf(save.error), 'The budget was not changed')} />
        )}
        <Group justify="flex-end" mt="lg">
          {monthly_usd !== null && (
            <Button size="xs" variant="default" loading={save.isPending} onClick={() => save.mutate(null)}>
              Remove budget
            </Button>
          )}
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit" loading={save.isPending} disabled={problem !== null}>
            Set budget
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
