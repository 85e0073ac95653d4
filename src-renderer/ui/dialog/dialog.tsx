import { Modal, type ModalProps } from '@mantine/core';
import { useEffect } from 'react';
import classes from './dialog.module.css';

interface DialogProps extends Pick<ModalProps, 'title' | 'size' | 'children'> {
  /** Omit if the dialog is mounted only while open. */
  readonly opened?: boolean;
  onClose(): void;
}

/** Escape closes it, and focus returns to where it was, even if the whole dialog is unmounted. */
export function Dialog({ opened = true, ...props }: DialogProps) {
  useEffect(() => {
    if (!opened) return undefined;
    const origin = outside;
    return () => {
      // Does not override a command that has moved focus on purpose.
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

/** The element outside dialogs that has or last had focus. A dialog opened from the palette returns there too. */
let outside: HTMLElement | null = null;

const isOutside = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.closest('[role="dialog"]') === null;

/** Tracks focus for the window's dialogs. */
export function useFocusOrigin(): void {
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent): void => {
      if (isOutside(target)) outside = target;
    };
    const onBlur = ({ target, relatedTarget }: FocusEvent): void => {
      // If only the window lost focus, the element regains it with the window.
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
