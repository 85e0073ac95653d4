import {
  Button,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { TLS_SENTENCES, type SyncStatus, type TeamTls } from '../../../src-shared/contract';
import { showNotice } from '../../commands';
import { api, changeFailure, type Failure, failureOf, orpc } from '../../rpc';
import { Dialog, DialogForm, FailureView, Note } from '../../ui';
import { initialValues, toInput, validate, type FormValues } from './connection-form';
import { TestSteps } from './test-steps';
import { TLS_LABELS } from './labels';
import classes from './sync.module.css';

interface ConnectDialogProps {
  readonly status: SyncStatus;
  onClose(): void;
}

/** An account given to the user, or an administrator's, which is used once for set-up and not kept. */
type Mode = 'given' | 'admin';

/** The password goes from this form into the keychain and never comes back. */
export function ConnectDialog({ status, onClose }: ConnectDialogProps) {
  return (
    <Dialog
      onClose={onClose}
      title={status.configured ? 'Change the team database' : 'Connect a team database'}
      size={560}
    >
      <ConnectForm status={status} onClose={onClose} />
    </Dialog>
  );
}

function ConnectForm({ status, onClose }: ConnectDialogProps) {
  const [mode, setMode] = useState<Mode>('given');
  const queryClient = useQueryClient();
  const form = useForm<FormValues>({ initialValues: initialValues(status), validate });
  const test = useMutation({
    mutationFn: (values: FormValues) => api.sync.test({ connection: toInput(values) }),
    onError: (error) => form.setErrors(fieldErrors(failureOf(error))),
  });
  const save = useMutation({
    async mutationFn(values: FormValues) {
      if (mode === 'given') return { status: await api.sync.setConnection(toInput(values)), role: null };
      return api.sync.init({ ...toInput(values), password: values.password });
    },
    onSuccess({ status: now, role }) {
      queryClient.setQueryData(orpc.sync.status.queryKey(), now);
      void queryClient.invalidateQueries({ queryKey: orpc.sync.key() });
      showNotice(
        role === null ? 'The team database is connected.' : `Set up: this machine pushes as ${role}.`,
      );
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(failureOf(error))),
  });
  const asksAgain = status.configured && status.password === 'missing';
  const failed = save.error ?? test.error;
  const failure = failed ? failureOf(failed) : undefined;
  return (
    <DialogForm
      fields={classes.form}
      submit={mode === 'given' ? 'Connect' : 'Set up'}
      isBusy={save.isPending}
      actions={
        mode === 'given' && (
          <Button
            size="xs"
            variant="default"
            mr="auto"
            loading={test.isPending}
            onClick={() => {
              save.reset();
              if (!form.validate().hasErrors) test.mutate(form.getValues());
            }}
          >
            Test
          </Button>
        )
      }
      onSubmit={form.onSubmit((values) => {
        test.reset();
        if (mode === 'admin' && values.password === '') {
          form.setFieldError('password', 'Enter the administrator’s password.');
        } else save.mutate(values);
      })}
      onClose={onClose}
    >
      <SegmentedControl
        aria-label="How"
        fullWidth
        data={[
          { value: 'given', label: 'Use an account I was given' },
          { value: 'admin', label: 'Set up as administrator' },
        ]}
        value={mode}
        onChange={(value) => setMode(value === 'admin' ? 'admin' : 'given')}
      />
      <Note>
        {mode === 'given'
          ? 'An account on your team’s database, already set up for Prompter.'
          : 'One time: this account creates the schema and a role for this machine that can only add and read your team’s records. It is not kept.'}
      </Note>
      <div className={classes.pair}>
        <TextInput
          label="Host"
          data-autofocus={asksAgain ? undefined : true}
          {...form.getInputProps('host')}
        />
        <NumberInput
          label="Port"
          min={1}
          max={65_535}
          hideControls
          thousandSeparator={false}
          value={form.values.port}
          error={form.errors['port']}
          onChange={(value) => form.setFieldValue('port', typeof value === 'number' ? value : '')}
        />
      </div>
      <TextInput label="Database" {...form.getInputProps('database')} />
      <TextInput label="User" autoComplete="off" {...form.getInputProps('user')} />
      <PasswordInput
        label="Password"
        data-autofocus={asksAgain || undefined}
        description={
          mode === 'admin'
            ? 'Used once and not kept.'
            : status.password === 'stored' || status.password === 'session'
              ? 'Leave empty to keep the stored password for the same server and user.'
              : 'Goes straight to the keychain and is never shown again.'
        }
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what you type' }}
        {...form.getInputProps('password')}
      />
      <TlsFields form={form} />
      {failure && Object.keys(fieldErrors(failure)).length === 0 && (
        <FailureView
          inline
          {...(save.isError
            ? changeFailure(failure, 'Nothing was changed')
            : { ...failure, title: 'The test could not run' })}
        />
      )}
      {test.data && <TestSteps test={test.data} tls={test.variables.tls} />}
    </DialogForm>
  );
}

const TLS_CHOICES: readonly TeamTls[] = ['verify', 'unverified', 'off'];

const TLS_RISKS = {
  unverified:
    'Anyone between this machine and the server can impersonate the server, and read and change everything.',
  off: 'Anyone on the way to the server can read everything, including prompts and answers.',
} as const;

/** Anything weaker than a verified server requires typing a sentence, not just a click. */
function TlsFields({ form }: { readonly form: UseFormReturnType<FormValues> }) {
  const { tls } = form.values;
  return (
    <>
      <Select
        label="Connection"
        allowDeselect={false}
        data={TLS_CHOICES.map((value) => ({ value, label: TLS_LABELS[value] }))}
        value={tls}
        onChange={(value) =>
          form.setFieldValue('tls', TLS_CHOICES.find((choice) => choice === value) ?? 'verify')
        }
      />
      {tls === 'verify' ? (
        <Textarea
          label="Certificate authority (PEM)"
          description="Needed only if your own authority signed the server’s certificate."
          placeholder="-----BEGIN CERTIFICATE-----"
          autosize
          minRows={1}
          maxRows={5}
          spellCheck={false}
          {...form.getInputProps('ca')}
        />
      ) : (
        <TextInput
          label={`To continue, type: ${TLS_SENTENCES[tls]}`}
          description={TLS_RISKS[tls]}
          autoComplete="off"
          {...form.getInputProps('tls_acknowledgement')}
        />
      )}
    </>
  );
}

const FIELD_OF_CODE: Readonly<Record<string, keyof FormValues>> = { KEYCHAIN_UNAVAILABLE: 'password' };

/** Errors by field; a test's errors are named `connection.host` and the like. */
function fieldErrors(failure: Failure): Record<string, string> {
  const field = FIELD_OF_CODE[failure.code];
  if (field) return { [field]: failure.message };
  return Object.fromEntries(
    failure.fields.map(({ path, message }) => [path.replace(/^connection\./, ''), message]),
  );
}
