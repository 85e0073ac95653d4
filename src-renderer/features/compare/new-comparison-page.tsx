import { Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { failureOf, orpc } from '../../rpc';
import { FailureView, Page, Section } from '../../ui';
import { TemplatePicker } from '../templates';
import { InputsEditor } from './inputs-editor';
import { PlanProvider, useNewPlanStore, usePlan, usePlanStore } from './plan-store';
import { PreRunSheet } from './pre-run-sheet';
import { TargetsEditor } from './targets-editor';
import { useSamplePlan } from './use-sample-plan';
import classes from './new-comparison.module.css';

/** Template × models × inputs, with everything that will happen shown before it happens. */
export function NewComparisonPage() {
  const store = useNewPlanStore();
  return (
    <PlanProvider value={store}>
      <Page title="New comparison">
        <div className={classes.columns}>
          <div className={classes.form} data-pane>
            <TemplateChoice />
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

function TemplateChoice() {
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
  useEffect(() => {
    if (query.data) store.setState({ template: query.data });
  }, [store, query.data]);
  useSamplePlan(search.sample === true);
  return (
    <>
      <div className={classes.template}>
        <TemplatePicker
          value={template?.template_id ?? null}
          name={template?.name ?? null}
          onChange={(templateId) => void navigate({ search: { template: templateId }, replace: true })}
        />
        <ComparisonName />
      </div>
      {query.isError && (
        <FailureView inline title="The template could not be read" {...failureOf(query.error)} />
      )}
    </>
  );
}

function ComparisonName() {
  const store = usePlanStore();
  const name = usePlan((plan) => plan.name);
  const template = usePlan((plan) => plan.template?.name);
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

function Options() {
  const store = usePlanStore();
  const replicates = usePlan((plan) => plan.replicates);
  const concurrency = usePlan((plan) => plan.concurrency);
  const budget = usePlan((plan) => plan.budget);
  const stream = usePlan((plan) => plan.stream);
  return (
    <Section title="How to run">
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
        <Checkbox
          className={classes.stream}
          label="Stream the text"
          checked={stream}
          onChange={(event) => store.setState({ stream: event.currentTarget.checked })}
        />
      </div>
    </Section>
  );
}
