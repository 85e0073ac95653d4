import { SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { failureOf, orpc, type Failure } from '../../rpc';
import { Note, Section, useFormat } from '../../ui';
import { valueProblem } from '../../../src-shared/files/variables';
import { SentRequest } from './content/sent-request';
import type { Draft } from './draft';
import { readMessages } from './draft-messages';
import { draftShapes, isFileShape, partialsIn, placeholderOf, previewValues } from './draft-shapes';
import { draftIn, useEditor, useEditorStore } from './draft-store';
import { choiceOf, readTools } from './draft-tools';
import { missingValues } from './refusals/missing-values';
import { SentMessages } from './content/sent-messages';
import { textProblemOf } from './text-problem';
import { useSettled } from './use-settled';
import { ValueField } from './value-field';
import classes from './editor.module.css';

const DEBOUNCE_MS = 120;

/** Test values, and the prompt rendered with them. */
export function PreviewTab() {
  const store = useEditorStore();
  const format = useFormat();
  const draft = useSettled(draftIn, DEBOUNCE_MS);
  const { system_instructions, user_prompt_template, messages, tools, tool_choice, workspace_id } = draft;
  // What is frozen is sent with the partials that it was frozen with; a draft, with the newest.
  const frozenId = useEditor(({ base, dirty }) => (dirty ? undefined : base?.template_id));
  const fixtures = useEditor((state) => state.fixtures);
  const variables = useEditor((state) => state.variables);
  const optional = useEditor((state) => state.optionalVariables);
  const valuesAsked = useEditor((state) => state.valuesAsked);
  const content = useMemo(
    () => ({ system_instructions, user_prompt_template, messages, tools, tool_choice }),
    [system_instructions, user_prompt_template, messages, tools, tool_choice],
  );
  const partials = usePartials(content, workspace_id);
  const shapes = useMemo(() => draftShapes(content, partials), [content, partials]);
  const [values] = useDebouncedValue(fixtures, DEBOUNCE_MS);

  const [view, setView] = useState('messages');
  const input = useMemo(
    () => ({
      ...(frozenId === undefined ? renderInput(content) : { template_id: frozenId }),
      variables: previewValues(shapes, values, optional),
      workspace_id,
    }),
    [frozenId, content, shapes, values, optional, workspace_id],
  );
  const query = useQuery(orpc.templates.render.queryOptions({ input, gcTime: 10_000 }));
  const failure = query.isError ? failureOf(query.error) : undefined;
  const missing = missingPaths(failure);
  // While a new result is pending, the data is about the old text: fields based on it would come and go and lose
  // focus.
  const parsed = query.isError || query.isPlaceholderData ? undefined : query.data;

  const problem = textProblemOf(failure);
  const problemKey = problem && JSON.stringify(problem);
  useEffect(() => {
    store.setState({ textProblem: problem });
    // The problem is a new object at each render, so its content is compared.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [store, problemKey]);

  useEffect(() => {
    const next = parsed?.variables ?? [...shapes.keys()];
    const before = store.getState();
    store.setState({
      variables: sameNames(next, before.variables) ? before.variables : next,
      variablesOf: draft,
    });
    if (parsed && !sameNames(parsed.optional_variables, before.optionalVariables))
      store.setState({ optionalVariables: parsed.optional_variables });
  }, [store, parsed, shapes, draft]);

  // The two texts are one message, however little they say.
  const isBlank = query.data?.messages.every(({ content: said }) => said === '') ?? false;
  const hasFiles =
    query.data?.messages.some(
      ({ content: said }) => typeof said !== 'string' && said.some(({ type }) => type !== 'text'),
    ) ?? false;
  const empty = missingValues({ variables, optionalVariables: optional, fixtures });
  const isWhole = parsed !== undefined && values === fixtures && empty.length === 0;
  const renderedSha256 = isWhole ? parsed.rendered_prompt_sha256 : null;
  useEffect(() => {
    store.setState((state) => ({ renderedSha256: state.draft === draft ? renderedSha256 : null }));
    return store.subscribe((state) => {
      if (state.draft !== draft && state.renderedSha256 !== null) store.setState({ renderedSha256: null });
    });
  }, [store, draft, renderedSha256]);
  return (
    <>
      <Section title="Variables">
        {variables.length === 0 ? (
          <Note>
            None. Write <code>{'{{ name }}'}</code> in a prompt to add one.
          </Note>
        ) : (
          <div className={classes.variables}>
            {variables.map((name) => (
              <ValueField
                key={name}
                name={name}
                label={optional.includes(name) ? `${name} (optional)` : name}
                placeholder={placeholderOf(name, shapes.get(name))}
                value={fixtures[name] ?? ''}
                error={
                  valueProblem(fixtures[name] ?? '', shapes.get(name)) ??
                  valueFault(failure, name) ??
                  (missing.some((path) => path === name || path.startsWith(`${name}.`))
                    ? failure?.message
                    : valuesAsked && empty.includes(name)
                      ? 'Enter a value.'
                      : undefined)
                }
                takesFile={isFileShape(shapes.get(name))}
              />
            ))}
          </div>
        )}
      </Section>
      <Section
        title="Rendered"
        actions={
          <>
            {query.data && (
              <span className={classes.note} title="UTF-8 bytes divided by four: an estimate, not a count">
                ≈ {format.plural(query.data.token_estimate, 'token', 'tokens')}
                {hasFiles && ' and files'}
              </span>
            )}
            <SegmentedControl
              size="xs"
              aria-label="What is shown of the prompt"
              data={[
                { value: 'messages', label: 'Messages' },
                { value: 'request', label: 'Request' },
              ]}
              value={view}
              onChange={setView}
            />
          </>
        }
      >
        <div className={classes.previewState} role="status">
          {failure && view === 'messages' ? (
            <span className={classes.problem}>
              <code>{failure.code}</code> {failure.message}
            </span>
          ) : empty.length > 0 ? (
            `Without a value: ${empty.join(', ')}`
          ) : null}
        </div>
        {view === 'request' && !isBlank ? (
          <SentRequest rendered={input} />
        ) : (
          <div className={classes.preview} data-stale={query.isError || undefined}>
            {query.data && !isBlank && <SentMessages messages={query.data.messages} />}
            {isBlank && <Note>What the model receives appears here as you type.</Note>}
          </div>
        )}
      </Section>
    </>
  );
}

/** More than a workspace has; what is beyond them is named when it lacks a value. */
const MOST_PARTIALS = 500;

/** Texts of the workspace's partials, whose variables are the draft's too. */
function usePartials(
  content: Parameters<typeof partialsIn>[0],
  workspace_id: string,
): ReadonlyMap<string, string> {
  const store = useEditorStore();
  const partials = useEditor((state) => state.partials);
  const base = useEditor((state) => state.base);
  const used = useMemo(() => new Set(partialsIn(content)), [content]);
  const { data } = useQuery(
    orpc.partials.list.queryOptions({
      input: { workspace_id, limit: MOST_PARTIALS },
      enabled: used.size > 0,
    }),
  );
  useEffect(() => {
    if (data) store.setState({ partials: new Map(data.items.map(({ name, text }) => [name, text])) });
  }, [store, data]);
  const { data: frozen } = useQuery(
    orpc.partials.ofTemplate.queryOptions({
      input: { template_id: base?.template_id ?? '' },
      enabled: base !== null && base.includes.length > 0,
      placeholderData: undefined,
    }),
  );
  useEffect(() => {
    const newer = frozen?.items.filter(({ name, newer: text }) => text !== null && used.has(name)) ?? [];
    store.setState({ newerPartials: newer.map(({ name }) => name) });
  }, [store, frozen, used]);
  return partials;
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index]);
}

/** What is wrong inside a value: the message of a history, the hash of a file. */
function valueFault(failure: Failure | undefined, name: string): string | undefined {
  const start = `variables.${name}`;
  const fault = failure?.fields.find(({ path }) => path === start || path.startsWith(`${start}.`));
  if (!fault) return undefined;
  const place = fault.path.slice(start.length + 1);
  return place === '' ? fault.message : `${place}: ${fault.message}`;
}

/** Paths without a value, such as `user.name`. */
function missingPaths(failure: Failure | undefined): string[] {
  const paths = failure?.data['variables'];
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}

/** What of a draft is rendered. What is no JSON yet is left out: its editor says so. */
function renderInput({
  messages,
  tools,
  tool_choice,
  ...texts
}: Pick<Draft, 'system_instructions' | 'user_prompt_template' | 'messages' | 'tools' | 'tool_choice'>) {
  const read = readTools(tools).tools;
  return {
    ...(messages === null ? texts : { messages: readMessages(messages).messages }),
    ...(read.length > 0 && { tools: read, tool_choice: choiceOf(tool_choice) }),
  };
}
