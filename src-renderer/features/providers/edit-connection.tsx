import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import {
  connectionChangeSchema,
  fieldProblemsOf,
  type Connection,
  type ConnectionChange,
  type Provider,
} from '../../../src-shared/domain';
import { showNotice } from '../../commands';
import { api, changeFailure, failureOf } from '../../rpc';
import { Dialog, DialogForm, Note } from '../../ui';
import { ConnectionFields, fieldErrors, type FormField, type FormValues } from './connection-fields';
import classes from './providers.module.css';

interface EditConnectionProps {
  readonly connection: Connection;
  readonly provider: Provider | undefined;
  readonly opened: boolean;
  onClose(): void;
  /** The address or key has changed. */
  onReplaced(): void;
}

export function EditConnection({ opened, ...form }: EditConnectionProps) {
  return (
    <Dialog opened={opened} onClose={form.onClose} title={`Edit ${form.connection.name}`} size={520}>
      <EditForm {...form} />
    </Dialog>
  );
}

function valuesOf(connection: Connection): FormValues {
  return {
    provider: connection.provider,
    name: connection.name,
    base_url: connection.base_url ?? '',
    secret: '',
    key_env: connection.key_env ?? '',
    concurrency: connection.concurrency,
  };
}

/** Only the fields changed since the form opened, so that concurrent edits of other fields are kept. */
function changeOf(before: FormValues, after: FormValues): ConnectionChange {
  return {
    ...(after.name !== before.name && { name: after.name }),
    ...(after.base_url.trim() !== before.base_url && { base_url: after.base_url.trim() || null }),
    ...(after.secret !== '' && { secret: after.secret }),
    ...(after.key_env.trim() !== before.key_env && { key_env: after.key_env.trim() }),
    ...(after.concurrency !== '' &&
      after.concurrency !== before.concurrency && { concurrency: after.concurrency }),
  };
}

/** Entering a key replaces the variable. */
function withKey(before: FormValues, values: FormValues): FormValues {
  const isReplaced = values.secret !== '' && values.key_env.trim() === '';
  return isReplaced ? { ...values, key_env: before.key_env } : values;
}

function validate(before: FormValues, after: FormValues): Partial<Record<FormField, string>> {
  if (after.concurrency === '') return { concurrency: 'Enter a number from 1 to 512.' };
  const change = changeOf(before, after);
  const checked = connectionChangeSchema.safeParse(change);
  if (checked.success) return {};
  return Object.fromEntries(
    fieldProblemsOf(checked.error.issues)
      .toReversed()
      .map(({ path, message }) => {
        if (path === 'name' && after.name.trim() === '') return [path, 'Enter a name.'];
        if (path === 'key_env' && change.key_env === '')
          return [path, 'Enter a variable name, or a key above.'];
        return [path, message];
      }),
  );
}

function EditForm({ connection, provider, onClose, onReplaced }: Omit<EditConnectionProps, 'opened'>) {
  const [before] = useState(() => valuesOf(connection));
  const form = useForm<FormValues>({
    initialValues: before,
    validate: (values) => validate(before, withKey(before, values)),
  });
  const save = useMutation({
    mutationFn: async (change: ConnectionChange) =>
      Object.keys(change).length === 0
        ? connection
        : api.connections.update({ connection_id: connection.connection_id, ...change }),
    onSuccess: ({ name }, change) => {
      if (Object.keys(change).length > 0) showNotice(`Saved ${name}.`);
      onClose();
      if ('base_url' in change || 'secret' in change || 'key_env' in change) onReplaced();
    },
    onError: (error) => form.setErrors(fieldErrors(failureOf(error))),
  });
  const failure = save.isError ? failureOf(save.error) : undefined;
  const isStored = connection.key_source === 'keychain' || connection.key_source === 'session';
  return (
    <DialogForm
      fields={classes.form}
      submit="Save"
      isBusy={save.isPending}
      failure={
        failure && Object.keys(fieldErrors(failure)).length === 0
          ? changeFailure(failure, 'The connection was not saved')
          : null
      }
      onSubmit={form.onSubmit((values) => save.mutate(changeOf(before, withKey(before, values))))}
      onClose={onClose}
    >
      <ConnectionFields
        form={form}
        address={
          provider?.base_url === null && !provider.simulated
            ? 'The address of your own resource.'
            : 'Leave empty for the provider’s default.'
        }
        ownAddress={provider?.base_url ?? null}
        keyLabel={connection.key_source === 'none' ? 'Key' : 'New key'}
        keyNote={
          isStored
            ? 'Leave empty to keep the stored key. A new host needs its key entered again.'
            : 'Stored in the keychain and never shown again.'
        }
        builtIn={(provider?.simulated ?? false) && connection.name === connection.provider}
      />
      <Note small>Past runs keep what they recorded.</Note>
    </DialogForm>
  );
}
