import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { DRIFT_POLICIES, type BatchRequest } from '../../../../src-shared/domain';
import { CommandButton, useCommands } from '../../../commands';
import { failureOf, orpc } from '../../../rpc';
import { FailureView, Page, Section } from '../../../ui';
import { templateLabel, TemplatePicker } from '../../templates';
import { InputsEditor } from './inputs-editor';
import { useCarriedValues } from './carried-values';
import type { Plan } from './plan';
import { readPlan } from './plan-draft';
import {
  chooseTemplate,
  clearPlan,
  PlanProvider,
  useNewPlanStore,
  usePlan,
  usePlanStore,
} from './plan-store';
import { PreRunSheet } from './pre-run-sheet';
import { TargetsEditor } from './targets-editor';
import { useEarlierVersion } from './use-earlier-version';
import { useSamplePlan } from './use-sample-plan';
import classes from './new-comparison.module.css';

/** Plans template × models × inputs and previews exactly what will be sent. */
export function NewComparisonPage() {
  const search = useSearch({ from: '/compare/new' });
  const navigate = useNavigate({ from: '/compare/new' });
  const [before] = useState(readPlan);
  const store = useNewPlanStore(search.template, search.against);
  const resumed = useRef(false);
  useEffect(() => {
    if (resumed.current) return;
    resumed.current = true;
    if (!search.template && before?.templateId)
      void navigate({ search: { template: before.templateId }, replace: true });
  }, [navigate, before, search.template]);
  // Samples fill the plan only once, so that later edits are kept.
  const fresh = search.sample === true && before?.templateId !== search.template;
  const [cleared, setCleared] = useState<Plan | null>(null);
  // Only until a new plan is started.
  const begun = useStore(store, ({ template }) => template !== null);
  const restorable = cleared !== null && !begun;
  useCommands({
    'compare.clear': () => {
      setCleared(store.getState());
      clearPlan(store);
      void navigate({ search: {}, replace: true });
    },
    'compare.restore': {
      run: () => {
        if (!cleared) return;
        store.setState(cleared);
        void navigate({ search: { template: cleared.template?.template_id }, replace: true });
        setCleared(null);
      },
      disabled: restorable ? undefined : 'There is no cleared plan to restore.',
    },
  });
  return (
    <PlanProvider value={store}>
      <Page
        title="New comparison"
        toolbar={
          // One button for both, so that focus stays in place for undoing.
          <CommandButton id={restorable ? 'compare.restore' : 'compare.clear'}>
            {restorable ? 'Restore' : 'Clear'}
          </CommandButton>
        }
      >
        <div className={classes.columns}>
          <div className={classes.form} data-pane>
            <TemplateChoice sample={fresh} />
            <TargetsEditor />
            <InputsEditor />
            <Options />
          </div>
          <PreRunSheet />
        </div>
      </Page>
    </PlanProvider>
  );
}

function TemplateChoice({ sample }: { readonly sample: boolean }) {
  const store = usePlanStore();
  const search = useSearch({ from: '/compare/new' });
  const navigate = useNavigate({ from: '/compare/new' });
  const template = usePlan((plan) => plan.template);
  const query = useQuery(
    orpc.templates.get.queryOptions({
      input: { template_id: search.template ?? '' },
      enabled: search.template !== undefined,
      placeholderData: undefined,
    }),
  );
  const connections = useQuery(orpc.connections.list.queryOptions());
  const items = connections.data?.items;
  useEffect(() => {
    // Two versions are set together, once the earlier one is read too.
    if (query.data && items && search.against === undefined) chooseTemplate(store, query.data, items);
  }, [store, query.data, items, search.against]);
  useSamplePlan(sample);
  useCarriedValues();
  const refused = useEarlierVersion();
  return (
    <>
      <div className={classes.template}>
        <TemplatePicker
          value={template?.template_id ?? null}
          name={template ? templateLabel(template) : null}
          onChange={(templateId) => void navigate({ search: { template: templateId }, replace: true })}
        />
        <ComparisonName />
      </div>
      {refused !== null && (
        <div className={classes.below}>
          <FailureView inline {...refused} />
        </div>
      )}
      {query.isError && (
        <div className={classes.below}>
          <FailureView inline title="The template could not be loaded" {...failureOf(query.error)} />
        </div>
      )}
    </>
  );
}

function ComparisonName() {
  const store = usePlanStore();
  const name = usePlan((plan) => plan.name);
  const template = usePlan((plan) => plan.template?.prompt_name);
  return (
    <TextInput
      label="Name"
      placeholder={template ?? 'Optional'}
      maxLength={200}
      value={name}
      onChange={(event) => store.setState({ name: event.currentTarget.value })}
    />
  );
}

const DRIFT_WORDS: Readonly<Record<BatchRequest['drift_policy'], string>> = {
  record: 'Record it and continue',
  pause: 'Pause and ask',
  stop: 'Stop',
};

function Options() {
  const store = usePlanStore();
  const replicates = usePlan((plan) => plan.replicates);
  const concurrency = usePlan((plan) => plan.concurrency);
  const budget = usePlan((plan) => plan.budget);
  const stream = usePlan((plan) => plan.stream);
  const driftPolicy = usePlan((plan) => plan.driftPolicy);
  return (
    <Section title="Options">
      <div className={classes.options}>
        <NumberInput
          label="Repeats"
          min={1}
          max={1000}
          clampBehavior="strict"
          allowDecimal={false}
          hideControls
          value={replicates}
          onChange={(value) =>
            store.setState({ replicates: typeof value === 'number' && value >= 1 ? value : 1 })
          }
        />
        <NumberInput
          label="Calls at once"
          placeholder="Per connection"
          min={1}
          max={512}
          clampBehavior="strict"
          allowDecimal={false}
          hideControls
          value={concurrency ?? ''}
          onChange={(value) => store.setState({ concurrency: typeof value === 'number' ? value : null })}
        />
        <TextInput
          label="Stop at (USD)"
          placeholder="No limit"
          inputMode="decimal"
          value={budget}
          onChange={(event) => store.setState({ budget: event.currentTarget.value })}
        />
        <Select
          label="If a model changes"
          allowDeselect={false}
          data={DRIFT_POLICIES.map((value) => ({ value, label: DRIFT_WORDS[value] }))}
          value={driftPolicy}
          onChange={(value) =>
            store.setState({ driftPolicy: DRIFT_POLICIES.find((known) => known === value) ?? 'record' })
          }
        />
        <Checkbox
          className={classes.stream}
          label="Stream output"
          checked={stream}
          onChange={(event) => store.setState({ stream: event.currentTarget.checked })}
        />
      </div>
    </Section>
  );
}
