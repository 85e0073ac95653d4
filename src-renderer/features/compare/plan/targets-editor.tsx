import { ActionIcon, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Connection, HistoryEntry } from '../../../../src-shared/domain';
import { problemInWords, readParams } from '../../../../src-shared/files';
import { CommandButton, useCommands } from '../../../commands';
import { orpc } from '../../../rpc';
import { Section } from '../../../ui';
import { ModelPicker } from '../../models';
import type { PlanTarget } from './plan';
import { newTarget, removeTarget, setTarget, usePlan, usePlanStore } from './plan-store';
import { columnCount, variedSets } from './plan-columns';
import { usePromptVersions, useReadVersions } from './use-versions';
import { VersionSelect } from './version-select';
import classes from './new-comparison.module.css';

export function TargetsEditor() {
  const store = usePlanStore();
  const targets = usePlan((plan) => plan.targets);
  const columns = usePlan(columnCount);
  const connections = useQuery(orpc.connections.list.queryOptions());
  const items = connections.data?.items ?? [];
  const versions = usePromptVersions();
  useReadVersions();
  const list = useRef<HTMLDivElement>(null);
  const awaited = useRef(false);
  useCommands({
    'compare.addTarget': () => {
      awaited.current = true;
      store.setState((plan) => {
        const last = plan.targets.at(-1);
        const { templateId = null, label = null } = last ?? {};
        return {
          targets: [...plan.targets, newTarget(last?.connectionId, '', { templateId, label })],
          isSample: false,
        };
      });
    },
  });
  // What a new column lacks is its model.
  useEffect(() => {
    if (awaited.current)
      list.current?.querySelector<HTMLElement>(':scope > :last-child [data-model]')?.focus();
    awaited.current = false;
  }, [targets]);
  return (
    <Section
      title={`Columns (${columns ?? '–'})`}
      actions={
        <CommandButton
          id="compare.addTarget"
          leftSection={<IconPlus size={14} aria-hidden />}
          size="compact-xs"
        />
      }
    >
      <div className={classes.targets} ref={list}>
        {targets.map((target, index) => (
          <TargetRow
            key={target.key}
            target={target}
            number={index + 1}
            connections={items}
            versions={versions}
          />
        ))}
      </div>
      <VaryField />
    </Section>
  );
}

/** Runs every column with each of these values: two models at two efforts are four columns. */
function VaryField() {
  const store = usePlanStore();
  const vary = usePlan((plan) => plan.vary);
  const sets = variedSets({ vary });
  return (
    <TextInput
      mt="xs"
      label="Each column with"
      placeholder="effort=low,high; temperature=0,1"
      error={sets.ok ? undefined : problemInWords(sets.problem)}
      value={vary}
      onChange={(event) => store.setState({ vary: event.currentTarget.value, isSample: false })}
    />
  );
}

interface TargetRowProps {
  readonly target: PlanTarget;
  readonly number: number;
  readonly connections: readonly Connection[];
  readonly versions: readonly HistoryEntry[];
}

function TargetRow({ target, number, connections, versions }: TargetRowProps) {
  const store = usePlanStore();
  const only = usePlan((plan) => plan.targets.length === 1);
  const params = readParams(target.params);
  return (
    <div className={classes.target} role="group" aria-label={`Column ${number}`}>
      <VersionSelect target={target} number={number} versions={versions} />
      <Select
        aria-label={`Connection of column ${number}`}
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
      <ModelPicker
        label={`Model of column ${number}`}
        hideLabel
        placeholder="Search all connections"
        value={target.model}
        chosen={{ connection_id: target.connectionId }}
        onChange={({ model_id, connection_id }) =>
          setTarget(store, target.key, {
            model: model_id,
            ...(connection_id !== undefined && { connectionId: connection_id }),
          })
        }
      />
      <TextInput
        aria-label={`Parameters of column ${number}`}
        placeholder="effort=low"
        title="Parameters that replace the version's own: name=value, …"
        error={params.ok ? undefined : problemInWords(params.problem)}
        value={target.params}
        onChange={(event) => setTarget(store, target.key, { params: event.currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={30}
        aria-label={`Remove column ${number}`}
        disabled={only}
        onClick={() => removeTarget(store, target.key)}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}
