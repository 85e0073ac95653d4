import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { create } from 'zustand';
import { CommandButton } from '../../commands';
import { carryValues } from '../../drafts';
import { Dialog, DialogFooter } from '../../ui';
import { useEditor, useEditorStore } from './draft-store';

/** Whether the dialog that asks what to compare is open. */
export const modalCompare = create<{ readonly open: boolean }>()(() => ({ open: false }));

/** A comparison runs frozen text only, so with an unfrozen draft open the user chooses. */
export function CompareDialog() {
  const open = modalCompare((state) => state.open);
  const store = useEditorStore();
  const base = useEditor((state) => state.base);
  const navigate = useNavigate();
  const close = (): void => modalCompare.setState({ open: false });
  const compareFrozen = (): void => {
    close();
    if (!base) return;
    carryValues(base.template_id, store.getState().fixtures);
    void navigate({ to: '/compare/new', search: { template: base.template_id } });
  };
  return (
    <Dialog opened={open} onClose={close} title="Your draft is not frozen">
      <p>
        A comparison uses a frozen version. Compare the frozen version without your changes, or freeze the
        draft first and then compare it.
      </p>
      <DialogFooter>
        <Button size="xs" variant="default" onClick={compareFrozen}>
          Compare the frozen version
        </Button>
        <span onClick={close}>
          <CommandButton id="template.freeze" variant="filled">
            Freeze the draft
          </CommandButton>
        </span>
      </DialogFooter>
    </Dialog>
  );
}
