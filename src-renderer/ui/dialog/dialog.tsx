import { Modal, type ModalProps } from '@mantine/core';
import { useEffect } from 'react';
import classes from './dialog.module.css';

interface DialogProps extends Pick<ModalProps, 'title' | 'size' | 'children'> {
  /** Left out where the dialog is mounted only while it is open. */
  readonly opened?: boolean;
  onClose(): void;
}

/** A dialog. Escape closes it, and focus returns to where it was, also where the whole dialog is unmounted. */
export function Dialog({ opened = true, ...props }: DialogProps) {
  useEffect(() => {
    if (!opened) return undefined;
    const origin = outside;
    return () => {
      // A command that has moved focus on purpose is not overruled.
      if (document.activeElement === document.body && origin?.isConnected)
        origin.focus({ preventScroll: true });
    };
  }, [opened]);
  return (
    <Modal
      opened={opened}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: classes.body }}
      {...props}
    />
  );
}

/** What has, or had last, focus outside of any dialog. A command of the palette opens its dialog from there too. */
let outside: HTMLElement | null = null;

const isOutside = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.closest('[role="dialog"]') === null;

/** Keeps track of focus, for the dialogs of this window. */
export function useFocusOrigin(): void {
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent): void => {
      if (isOutside(target)) outside = target;
    };
    const onBlur = ({ target, relatedTarget }: FocusEvent): void => {
      // Where the window alone has lost focus, the element has it again with the window.
      if (relatedTarget === null && isOutside(target) && document.hasFocus()) outside = null;
    };
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
    };
  }, []);
}
