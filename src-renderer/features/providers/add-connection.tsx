import { Select } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import {
  fieldProblemsOf,
  newConnectionSchema,
  type Connection,
  type NewConnectionInput,
  type Provider,
} from '../../../src-shared/domain';
import { api, changeFailure, failureOf } from '../../rpc';
import { Dialog, DialogForm } from '../../ui';
import { ConnectionFields, EMPTY, fieldErrors, type FormField, type FormValues } from './connection-fields';
import classes from './providers.module.css';

interface AddConnectionProps {
  readonly opened: boolean;
  readonly providers: readonly Provider[];
  /** Connection names in use. */
  readonly taken: readonly string[];
  /** The preselected provider. */
  readonly provider: string | undefined;
  onClose(): void;
  onAdded(connection: Connection): void;
}

/** The key goes from this form into the keychain and never comes back. */
export function AddConnection({ opened, ...form }: AddConnectionProps) {
  return (
    <Dialog opened={opened} onClose={form.onClose} title="Add connection" size={520}>
      <ConnectionForm {...form} />
    </Dialog>
  );
}

function toInput(values: FormValues): NewConnectionInput {
  return {
    provider: values.provider ?? '',
    name: values.name,
    base_url: values.base_url.trim() || null,
    secret: values.secret || null,
    key_env: values.key_env.trim() || null,
    concurrency: values.concurrency === '' ? null : values.concurrency,
  };
}

/** All problems at once, each at its field, on submit: a message on blur would move the button being clicked. */
function validate(values: FormValues): Partial<Record<FormField, string>> {
  const checked = newConnectionSchema.safeParse(toInput(values));
  if (checked.success) return {};
  return Object.fromEntries(
    // One message per field: its first problem.
    fieldProblemsOf(checked.error.issues)
      .toReversed()
      .map(({ path, message }) => {
        const [field = 'name'] = path.split('.');
        if (field === 'provider') return [field, 'Choose a provider.'];
        if (field === 'name' && values.name.trim() === '') return [field, 'Enter a name.'];
        return [field, message];
      }),
  );
}

/** `openai`, or the first of `openai-2`, `openai-3` … that is free. */
function freeName(provider: string, taken: readonly string[]): string {
  const isFree = (name: string): boolean => !taken.includes(name);
  if (isFree(provider)) return provider;
  const number = Array.from({ length: taken.length + 1 }, (_, index) => index + 2).find((candidate) =>
    isFree(`${provider}-${candidate}`),
  );
  return `${provider}-${number}`;
}

function ConnectionForm(props: Omit<AddConnectionProps, 'opened'>) {
  const { providers, taken, provider: wanted, onClose, onAdded } = props;
  const form = useForm<FormValues>({
    initialValues:
      wanted === undefined ? EMPTY : { ...EMPTY, provider: wanted, name: freeName(wanted, taken) },
    validate,
  });
  const choose = (provider: string | null): void => {
    const { provider: before, name } = form.getValues();
    // A name the user typed is kept.
    const isOwn = name !== '' && (before === null || name !== freeName(before, taken));
    form.setFieldValue('provider', provider);
    if (provider !== null && !isOwn) form.setFieldValue('name', freeName(provider, taken));
  };
  const provider = providers.find((known) => known.provider_id === form.values.provider);
  const add = useMutation({
    mutationFn: (values: FormValues) => api.connections.create(toInput(values)),
    onSuccess: onAdded,
    onError: (error) => form.setErrors(fieldErrors(failureOf(error))),
  });
  const failure = add.isError ? failureOf(add.error) : undefined;
  return (
    <DialogForm
      fields={classes.form}
      submit="Add connection"
      isBusy={add.isPending}
      failure={
        failure && Object.keys(fieldErrors(failure)).length === 0
          ? changeFailure(failure, 'The connection was not added')
          : null
      }
      onSubmit={form.onSubmit((values) => add.mutate(values))}
      onClose={onClose}
    >
      <Select
        label="Provider"
        placeholder="Choose"
        searchable
        data-autofocus
        openOnFocus={false}
        maxDropdownHeight={400}
        data={providers.map(({ provider_id, name }) => ({ value: provider_id, label: name }))}
        {...form.getInputProps('provider')}
        onChange={choose}
      />
      <ConnectionFields
        form={form}
        address={
          provider?.base_url === null && !provider.simulated
            ? 'Enter the address of your own resource.'
            : 'Leave empty for the provider’s default.'
        }
        ownAddress={provider?.base_url ?? null}
        keyNote={
          provider && !provider.needs_key
            ? 'Usually not needed here.'
            : 'Stored in the keychain and never shown again.'
        }
      />
    </DialogForm>
  );
}
