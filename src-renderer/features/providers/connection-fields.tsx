import { NumberInput, PasswordInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Failure } from '../../rpc';
import { toggleLabel } from './secret-toggle';

export const EMPTY = {
  provider: null as string | null,
  name: '',
  base_url: '',
  secret: '',
  key_env: '',
  concurrency: '' as number | '',
};
export type FormValues = typeof EMPTY;
export type FormField = keyof FormValues;

/** Error codes that concern one field although the core does not name it. */
const FIELD_OF_CODE: Readonly<Record<string, FormField>> = {
  CONNECTION_NAME_TAKEN: 'name',
  PROVIDER_UNKNOWN: 'provider',
  KEYCHAIN_UNAVAILABLE: 'secret',
  CREDENTIAL_MISSING: 'secret',
};

export function fieldErrors(failure: Failure): Record<string, string> {
  const field = FIELD_OF_CODE[failure.code];
  if (field) return { [field]: failure.message };
  return Object.fromEntries(failure.fields.map(({ path, message }) => [path, message]));
}

interface ConnectionFieldsProps {
  readonly form: UseFormReturnType<FormValues>;
  /** Help for the address field, and the default address. */
  readonly address: string;
  readonly ownAddress: string | null;
  readonly keyLabel?: string;
  readonly keyNote: string;
  /** Name and address are fixed. */
  readonly builtIn?: boolean;
}

export function ConnectionFields({
  form,
  address,
  ownAddress,
  keyLabel = 'Key',
  keyNote,
  builtIn = false,
}: ConnectionFieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        description={builtIn ? 'Built in.' : 'Names the connection in targets, such as my-openai:gpt-4o.'}
        disabled={builtIn}
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Base URL"
        description={address}
        placeholder={ownAddress ?? 'https://host/v1'}
        disabled={builtIn}
        {...form.getInputProps('base_url')}
      />
      <PasswordInput
        label={keyLabel}
        description={keyNote}
        autoComplete="off"
        visibilityToggleButtonProps={toggleLabel}
        {...form.getInputProps('secret')}
      />
      <TextInput
        label="Or an environment variable that holds the key"
        placeholder="MY_API_KEY"
        {...form.getInputProps('key_env')}
      />
      <NumberInput
        label="Calls at once"
        placeholder="Default"
        min={1}
        max={512}
        hideControls
        value={form.values.concurrency}
        error={form.errors['concurrency']}
        onChange={(value) => form.setFieldValue('concurrency', typeof value === 'number' ? value : '')}
      />
    </>
  );
}
