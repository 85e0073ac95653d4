import { Select } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import {
  protocolRecord,
  type Connection,
  type ConnectionDialect,
  type Provider,
} from '../../../src-shared/domain';
import { changeNotice, api } from '../../rpc';
import { showNotice } from '../../commands';
import { Section } from '../../ui';
import classes from './providers.module.css';

type Field = 'stream_options' | 'response_format';
type Change = Partial<Pick<ConnectionDialect, Field>>;

const STREAMING = [
  { value: 'send', label: 'Yes' },
  { value: 'omit', label: 'No' },
] as const;
const FORMATS = [
  { value: 'json_schema', label: 'JSON schema' },
  { value: 'json_object', label: 'JSON mode, no schema' },
  { value: 'none', label: 'Neither' },
] as const;

interface ServerSupportProps {
  readonly connection: Connection;
  readonly provider: Provider;
}

/** What a connection's server supports: as its test found, unless the user overrides it. */
export function ServerSupport({ connection, provider }: ServerSupportProps) {
  const { dialect, connection_id } = connection;
  const save = useMutation({
    mutationFn: (change: Change) => api.connections.setDialect({ connection_id, ...change }),
    onError: (error) => showNotice(changeNotice(error, 'The setting was not changed')),
  });
  return (
    <Section title="What the server supports">
      <div className={classes.support}>
        {protocolRecord(provider.protocol).hasStreamOptions && (
          <Select
            label="Streaming usage"
            description="Whether streams report token counts"
            allowDeselect={false}
            disabled={save.isPending}
            data={[automatic(STREAMING, dialect.stream_options_found), ...STREAMING]}
            value={dialect.stream_options ?? AUTO}
            onChange={(value) =>
              save.mutate({
                stream_options: STREAMING.find((option) => option.value === value)?.value ?? null,
              })
            }
          />
        )}
        <Select
          label="JSON schema"
          description="How the server enforces a schema"
          allowDeselect={false}
          disabled={save.isPending}
          data={[automatic(FORMATS, dialect.response_format_found), ...FORMATS]}
          value={dialect.response_format ?? AUTO}
          onChange={(value) =>
            save.mutate({ response_format: FORMATS.find((option) => option.value === value)?.value ?? null })
          }
        />
      </div>
    </Section>
  );
}

const AUTO = 'auto';

/** What applies without a user setting; untested servers are treated like the vendor's own. */
function automatic(
  options: readonly { readonly value: string; readonly label: string }[],
  found: string | null,
): { value: string; label: string } {
  const known = options.find(({ value }) => value === found);
  return {
    value: AUTO,
    label: known
      ? `Found by test: ${lowerFirst(known.label)}`
      : `Not tested: assumes ${lowerFirst(options[0]?.label ?? '')}`,
  };
}

/** Lower-cases "Yes" for use within a sentence, but not "JSON". */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
