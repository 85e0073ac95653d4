import { Button, Group } from '@mantine/core';
import type { ComponentProps, FormEvent, ReactNode } from 'react';
import { FailureView } from '../states';
import { Dialog } from './dialog';

type Failure = ComponentProps<typeof FailureView>;
type Frame = Pick<ComponentProps<typeof Dialog>, 'opened' | 'title' | 'size'>;

interface DialogFooterProps {
  readonly children: ReactNode;
  /** For fields that have their own spacing. */
  readonly close?: boolean;
}

/** A dialog's buttons; the primary action comes last. */
export function DialogFooter({ children, close = false }: DialogFooterProps) {
  return (
    <Group justify="flex-end" mt={close ? 'sm' : 'lg'}>
      {children}
    </Group>
  );
}

interface DialogFormProps {
  /** The form fields. */
  readonly children: ReactNode;
  readonly submit: ReactNode;
  readonly isBusy?: boolean;
  readonly disabled?: boolean;
  /** Puts initial focus on the submit button, for forms without fields. */
  readonly startsAtSubmit?: boolean;
  readonly cancel?: string;
  /** Why submitting failed; shown above the buttons. */
  readonly failure?: Failure | null;
  /** Further buttons, before `Cancel`. */
  readonly actions?: ReactNode;
  /** Class for the fields' layout; the buttons use the same spacing. */
  readonly fields?: string | undefined;
  onSubmit(event: FormEvent<HTMLFormElement>): void;
  onClose(): void;
}

/** A dialog's form. Browser validation is off: problems are reported at their fields, in our words. */
export function DialogForm(props: DialogFormProps) {
  const { children, submit, isBusy = false, disabled = false, failure, actions, fields } = props;
  return (
    <form
      className={fields}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!disabled) props.onSubmit(event);
      }}
    >
      {children}
      {failure && <FailureView inline {...failure} />}
      <DialogFooter close={fields !== undefined}>
        {actions}
        <Button size="xs" variant="default" onClick={props.onClose}>
          {props.cancel ?? 'Cancel'}
        </Button>
        <Button
          size="xs"
          type="submit"
          loading={isBusy}
          disabled={disabled}
          {...(props.startsAtSubmit && { 'data-autofocus': true })}
        >
          {submit}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** A dialog with a form. Field state lives as long as the component that renders it. */
export function FormDialog({ opened, title, size, ...form }: Frame & DialogFormProps) {
  return (
    <Dialog opened={opened} onClose={form.onClose} title={title} size={size}>
      <DialogForm {...form} />
    </Dialog>
  );
}

interface ConfirmDialogProps extends Frame {
  /** What will happen. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly isBusy: boolean;
  /** Whether it cannot be confirmed; the children say why. */
  readonly disabled?: boolean;
  /** For irreversible actions: label of the cancel button, which gets initial focus: `Keep it`. */
  readonly keep?: string;
  readonly failure?: Failure | null | false;
  onConfirm(): void;
  onClose(): void;
}

/** A yes-or-no dialog. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, size, children, confirm, isBusy, disabled = false, keep, failure } = props;
  const { onConfirm, onClose } = props;
  const isFinal = keep !== undefined;
  return (
    <Dialog opened={opened} onClose={onClose} title={title} size={size}>
      {children}
      {failure && <FailureView inline {...failure} />}
      <DialogFooter>
        <Button size="xs" variant="default" onClick={onClose} {...(isFinal && { 'data-autofocus': true })}>
          {keep ?? 'Cancel'}
        </Button>
        <Button
          size="xs"
          loading={isBusy}
          disabled={disabled}
          onClick={onConfirm}
          {...(isFinal ? { color: 'red' } : { 'data-autofocus': true })}
        >
          {confirm}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
