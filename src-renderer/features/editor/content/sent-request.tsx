import { Button, Select } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { showNotice } from '../../../commands';
import { api, changeNotice, failureOf, orpc } from '../../../rpc';
import { formatJson, JsonView, Note, useFormat } from '../../../ui';
import { useEditor } from '../draft-store';
import { readJsonObject } from '../read-json-object';
import classes from '../editor.module.css';

type ComposeInput = NonNullable<Parameters<typeof api.runs.compose>[0]>;
/** What is said, and with which values: as the preview renders it. */
export type RenderedInput = Pick<
  ComposeInput,
  | 'variables'
  | 'messages'
  | 'system_instructions'
  | 'user_prompt_template'
  | 'tools'
  | 'tool_choice'
  | 'workspace_id'
>;

/** How the draft is asked, or why that cannot be said yet. */
function useSettings(): (Pick<ComposeInput, 'model_id' | 'provider'> & Partial<ComposeInput>) | string {
  const model_id = useEditor((state) => state.draft.model_id);
  const provider = useEditor((state) => state.draft.provider);
  const parameters = useEditor((state) => state.draft.inference_params);
  const schema = useEditor((state) => state.draft.response_schema);
  const grounding_mode = useEditor((state) => state.draft.grounding_mode);
  const als = useEditor((state) => state.draft.als);
  return useMemo(() => {
    if (model_id.trim() === '') return 'Choose a model: each provider is sent another request.';
    const inference_params = readJsonObject(parameters);
    if (!inference_params.ok) return `Parameters: ${inference_params.message}`;
    const response_schema = readJsonObject(schema);
    if (!response_schema.ok) return `Response schema: ${response_schema.message}`;
    return {
      model_id,
      provider: provider || null,
      inference_params: inference_params.value,
      response_schema: response_schema.value,
      grounding_mode,
      als,
    };
  }, [model_id, provider, parameters, schema, grounding_mode, als]);
}

/** The body that Run sends, as the chosen connection's adapter writes it. */
export function SentRequest({ rendered }: { readonly rendered: RenderedInput }) {
  const format = useFormat();
  const settings = useSettings();
  const [connectionId, setConnectionId] = useState<string | null>(null);
  const connections = useQuery(orpc.connections.list.queryOptions());
  const input = useMemo(
    () =>
      typeof settings === 'string'
        ? null
        : { ...rendered, ...settings, stream: true, ...(connectionId && { connection_id: connectionId }) },
    [rendered, settings, connectionId],
  );
  const query = useQuery({
    ...orpc.runs.compose.queryOptions({
      input: { ...input, files: 'shortened' },
      enabled: input !== null,
      gcTime: 10_000,
    }),
    retry: false,
  });
  const failure = query.isError ? failureOf(query.error) : null;
  const body = query.data?.request_body;
  const formatted = useMemo(() => (body === undefined ? null : formatJson(body)), [body]);
  const [first] = failure?.fields ?? [];
  return (
    <>
      <Select
        label="Connection"
        placeholder="Default of the provider"
        clearable
        data={(connections.data?.items ?? []).map(({ connection_id, name }) => ({
          value: connection_id,
          label: name,
        }))}
        value={connectionId}
        onChange={setConnectionId}
      />
      <div className={classes.previewState} role="status">
        {typeof settings === 'string' ? (
          settings
        ) : failure ? (
          <span className={classes.problem}>
            <code>{failure.code}</code> {first ? `${first.path}: ${first.message}` : failure.message}
          </span>
        ) : (
          query.data && (
            <>
              {query.data.method} <span className={classes.address}>{query.data.url}</span> ·{' '}
              {format.bytes(query.data.request_size)}
            </>
          )
        )}
      </div>
      {query.data && formatted && (
        <div className={classes.preview} data-stale={query.isError || input === null || undefined}>
          {input !== null && !query.isError && <CopyWhole input={input} />}
          <pre className={classes.request} tabIndex={0} role="region" aria-label="Request body">
            <JsonView formatted={formatted} />
          </pre>
          <Note small>
            Keys are sent in a header, which is not shown. Run streams; `stream` is left out elsewhere.
          </Note>
        </div>
      )}
    </>
  );
}

/** Copies the body as it is sent, with the whole Base64 of its files. */
function CopyWhole({ input }: { readonly input: ComposeInput }) {
  const copy = useMutation({
    mutationFn: async () => {
      const { request_body } = await api.runs.compose({ ...input, files: 'whole' });
      await navigator.clipboard.writeText(request_body);
    },
    onError: (error) => showNotice(changeNotice(error, 'Not copied')),
  });
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={copy.isPending}
      leftSection={copy.isSuccess ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
      onClick={() => copy.mutate()}
    >
      {copy.isSuccess ? 'Copied' : 'Copy the whole request'}
    </Button>
  );
}
