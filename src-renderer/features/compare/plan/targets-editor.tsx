import { ActionIcon, Autocomplete, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Connection } from '../../../../src-shared/domain';
import { CommandButton, useCommands } from '../../../commands';
import { orpc } from '../../../rpc';
import { Section } from '../../../ui';
import type { PlanTarget } from './plan';
import { newTarget, removeTarget, setTarget, usePlan, usePlanStore } from './plan-store';
import classes from './new-comparison.module.css';

export function TargetsEditor() {
  const store = usePlanStore();
  const targets = usePlan((plan) => plan.targets);
  const connections = useQuery(orpc.connections.list.queryOptions());
  const items = connections.data?.items ?? [];
  useCommands({
    'compare.addTarget': () =>
      store.setState((plan) => ({
        targets: [...plan.targets, newTarget(plan.targets.at(-1)?.connectionId)],
        isSample: false,
      })),
  });
  return (
    <Section
      title={`Models (${targets.filter((target) => target.model.trim()).length})`}
      actions={
        <CommandButton
          id="compare.addTarget"
          leftSection={<IconPlus size={14} aria-hidden />}
          size="compact-xs"
        />
      }
    >
      <div className={classes.targets}>
        {targets.map((target, index) => (
          <TargetRow key={target.key} target={target} number={index + 1} connections={items} />
        ))}
      </div>
    </Section>
  );
}

interface TargetRowProps {
  readonly target: PlanTarget;
  readonly number: number;
  readonly connections: readonly Connection[];
}

function TargetRow({ target, number, connections }: TargetRowProps) {
  const store = usePlanStore();
  const only = usePlan((plan) => plan.targets.length === 1);
  const models = useQuery(
    orpc.connections.models.queryOptions({
      input: { connection_id: target.connectionId ?? '' },
      enabled: target.connectionId !== null,
      placeholderData: undefined,
    }),
  );
  return (
    <div className={classes.target} role="group" aria-label={`Model ${number}`}>
      <Select
        aria-label={`Connection of model ${number}`}
        placeholder="Default connection"
        clearable
        data={connections.map((connection) => ({
          value: connection.connection_id,
          label: connection.name,
          disabled: !connection.key_available && connection.key_source !== 'none',
        }))}
        value={target.connectionId}
        onChange={(connectionId) => setTarget(store, target.key, { connectionId })}
      />
      <Autocomplete
        aria-label={`Model id of model ${number}`}
        placeholder="Model id"
        data={[...new Set((models.data?.items ?? []).map((model) => model.model_id))]}
        limit={60}
        value={target.model}
        onChange={(model) => setTarget(store, target.key, { model })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Remove model ${number}`}
        disabled={only}
        onClick={() => removeTarget(store, target.key)}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}
