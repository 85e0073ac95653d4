import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { costInWords, hasNoCost, isOpen, templateTitle, type Run } from '../../../src-shared/domain';
import { CommandButton } from '../../commands';
import { failureOf, orpc } from '../../rpc';
import {
  ExactTime,
  Fact,
  Facts,
  FailureView,
  GradeBadge,
  gradeMeaning,
  JsonBlock,
  Mono,
  RunStatusBadge,
  Section,
  SimulatedBadge,
  TextBlock,
  useFormat,
  Waiting,
} from '../../ui';
import { OutputBlock, problemsOf, Thinking, ToolCalls } from '../outputs';
import { FailureText } from './failure-text';
import { promptParts } from './prompt-parts';
import { ReviewBadge } from './review-list';
import { RunReading } from './run-reading';
import { useRunCommands } from './run-commands';
import { RunRecord } from './run-record';
import classes from './runs.module.css';

interface RunDetailsProps {
  readonly runId: string;
  /** The comparison they are shown in, which is then not linked. */
  readonly within?: string | undefined;
}

export function RunDetails({ runId, within }: RunDetailsProps) {
  const query = useQuery(orpc.runs.get.queryOptions({ input: { run_id: runId } }));
  if (query.isError) {
    const failure = failureOf(query.error);
    return (
      <FailureView
        inline
        title="The run could not be loaded"
        {...failure}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (!query.data || query.data.run_id !== runId) return <Waiting lines={8} />;
  return <LoadedRun run={query.data} within={within} />;
}

interface LoadedRunProps {
  readonly run: Run;
  readonly within: string | undefined;
}

function LoadedRun({ run, within }: LoadedRunProps) {
  useRunCommands(run);
  return (
    <div className={classes.details}>
      <div className={classes.badges}>
        <RunStatusBadge status={run.status} />
        {run.evidence_grade !== null && <GradeBadge grade={run.evidence_grade} />}
        {run.simulated && <SimulatedBadge />}
        {run.practice_answer === 'written' && (
          <span className={classes.muted}>Answer written by hand for this sample</span>
        )}
        {run.review_action !== null && <ReviewBadge action={run.review_action} />}
      </div>
      {(run.failure_code || run.failure_message) && (
        <p className={classes.failure}>
          <FailureText code={run.failure_code} message={run.failure_message} isOver={!isOpen(run.status)} />
        </p>
      )}
      {run.requires_manual_review && (
        <p className={classes.none}>
          <Link to="/review" search={{ run: run.run_id }}>
            Open in Review
          </Link>
        </p>
      )}
      {run.status === 'outcome_unknown' && (
        <p className={classes.doubt}>
          The request was sent and no answer was stored. It may have been billed. It is never resent
          automatically.
        </p>
      )}
      <Tabs defaultValue="output" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="output">Output</Tabs.Tab>
          <Tabs.Tab value="reading">Parsing</Tabs.Tab>
          <Tabs.Tab value="evidence">Evidence</Tabs.Tab>
          <Tabs.Tab value="request">Request</Tabs.Tab>
          <Tabs.Tab value="response">Response</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="output" pt="md">
          <Output run={run} within={within} />
        </Tabs.Panel>
        <Tabs.Panel value="reading" pt="md">
          <RunReading run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="evidence" pt="md">
          <Evidence run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="request" pt="md">
          {promptParts(run).map(({ name, text }) => (
            <Section key={name} title={`${name} prompt`}>
              <TextBlock text={text} label={`${name} prompt`} mono />
            </Section>
          ))}
          <Section title="Request body">
            {run.request_json === null ? (
              <None />
            ) : (
              <JsonBlock value={run.request_json} label="Request body" />
            )}
          </Section>
        </Tabs.Panel>
        <Tabs.Panel value="response" pt="md">
          {run.response_json === null ? (
            <None />
          ) : (
            <JsonBlock value={run.response_json} label="Response body" />
          )}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function None() {
  return <p className={classes.none}>Nothing was stored here.</p>;
}

function Output({ run, within }: LoadedRunProps) {
  const format = useFormat();
  const { usage } = run;
  return (
    <>
      {run.thinking_text !== null && <Thinking text={run.thinking_text} />}
      {run.output_text !== null && <CheckedOutput run={run} text={run.output_text} />}
      {run.tool_calls !== null && <ToolCalls calls={run.tool_calls} />}
      {run.output_text === null && run.tool_calls === null && <None />}
      <div className={classes.actions}>
        <CommandButton id="run.copyOutput" />
        <CommandButton id="run.raw" />
      </div>
      <Facts>
        <Fact name="Cost" title={hasNoCost(run) ? '' : format.moneyExact(run.cost_usd)} copy={run.cost_usd}>
          {hasNoCost(run) ? costInWords(run) : format.money(run.cost_usd)}
          {run.simulated && run.cost_usd !== null && <span className={classes.muted}>not spend</span>}
          {run.cost_unknown_because !== null && (
            <span className={classes.muted}>{run.cost_unknown_because}</span>
          )}
        </Fact>
        <Fact name="Latency">
          {format.duration(run.latency_ms)}
          {run.first_byte_ms !== null && (
            <span className={classes.muted}>first byte {format.duration(run.first_byte_ms)}</span>
          )}
          {run.queue_ms !== null && run.queue_ms > 0 && (
            <span className={classes.muted}>plus {format.duration(run.queue_ms)} queued</span>
          )}
        </Fact>
        <Fact name="Tokens">
          {format.tokens(usage.input_tokens)} in · {format.tokens(usage.output_tokens)} out
          {usage.cached_input_tokens !== null && usage.cached_input_tokens > 0 && (
            <span className={classes.muted}>{format.tokens(usage.cached_input_tokens)} cached</span>
          )}
          {usage.reasoning_tokens !== null && usage.reasoning_tokens > 0 && (
            <span className={classes.muted}>{format.tokens(usage.reasoning_tokens)} reasoning</span>
          )}
        </Fact>
        <Fact name="Finish">
          {run.finish_reason?.unified ?? '–'}
          {run.finish_reason?.raw && <span className={classes.muted}>“{run.finish_reason.raw}”</span>}
        </Fact>
        <Fact name="Model">
          <Mono>{run.model_id}</Mono>
          <span className={classes.muted}>{run.provider}</span>
        </Fact>
        <Fact name="Template">
          <Link to="/templates/$templateId" params={{ templateId: run.template_id }}>
            <TemplateName templateId={run.template_id} />
          </Link>
        </Fact>
        {run.batch_id && run.batch_id !== within && (
          <Fact name="Comparison">
            <Link to="/compare/$batchId" params={{ batchId: run.batch_id }}>
              Open the comparison
            </Link>
          </Fact>
        )}
        <Fact name="When">
          <ExactTime iso={run.executed_at} />
        </Fact>
      </Facts>
    </>
  );
}

/** The output with schema violations marked in place. */
function CheckedOutput({ run, text }: { readonly run: Run; readonly text: string }) {
  const query = useQuery(
    orpc.review.get.queryOptions({
      input: { run_id: run.run_id },
      enabled: run.output_json_valid === false,
      placeholderData: undefined,
    }),
  );
  const problems = useMemo(() => problemsOf(query.data?.problems ?? []), [query.data]);
  return <OutputBlock text={text} label="Output" problems={problems} />;
}

/** The template's name, linked; the link remains if the name cannot be loaded. */
function TemplateName({ templateId }: { readonly templateId: string }) {
  const query = useQuery(
    orpc.templates.get.queryOptions({ input: { template_id: templateId }, placeholderData: undefined }),
  );
  return query.data ? templateTitle(query.data) : 'Open the template';
}

function Evidence({ run }: { readonly run: Run }) {
  const format = useFormat();
  return (
    <>
      <Section title="Model version">
        <Facts>
          <Fact name="Version key" copy={run.provider_version_key}>
            <Mono>{run.provider_version_key ?? 'unknown'}</Mono>
          </Fact>
          <Fact name="Grade">
            <GradeBadge grade={run.evidence_grade} />
            <span className={classes.muted}>{gradeMeaning(run.evidence_grade)}</span>
          </Fact>
          <Fact name="Requested">
            <Mono>{run.evidence?.requested_model ?? run.model_id}</Mono>
          </Fact>
          <Fact name="Answered as">
            <Mono>{run.evidence?.echoed_model ?? '–'}</Mono>
          </Fact>
          <Fact name="Fingerprint">
            <Mono>{run.evidence?.system_fingerprint ?? '–'}</Mono>
          </Fact>
        </Facts>
        {run.evidence && Object.keys(run.evidence.extra).length > 0 && (
          <JsonBlock value={run.evidence.extra} label="Further evidence" />
        )}
      </Section>
      <Section title="Hashes (SHA-256)">
        <Facts>
          <Fact name="Raw answer" copy={run.raw_response_sha256}>
            <Mono>{run.raw_response_sha256 ?? '–'}</Mono>
            {run.raw_response_size !== null && (
              <span className={classes.muted}>{format.bytes(run.raw_response_size)}</span>
            )}
          </Fact>
          <Fact name="Output" copy={run.response_output_sha256}>
            <Mono>{run.response_output_sha256 ?? '–'}</Mono>
          </Fact>
          <Fact name="Prompt" copy={run.rendered_prompt_sha256}>
            <Mono>{run.rendered_prompt_sha256}</Mono>
          </Fact>
        </Facts>
      </Section>
      <RunRecord run={run} />
      {run.price_snapshot && (
        <Section title="Price used">
          <JsonBlock value={run.price_snapshot} label="Price used" />
        </Section>
      )}
    </>
  );
}
