import { create } from 'zustand';

interface DialogState {
  readonly open: 'palette' | 'help' | null;
  /** The palette's initial prefix: `@` for templates, empty for everything. */
  readonly prefix: string;
}

/** The open dialog of the shell; at most one at a time. */
export const dialogs = create<DialogState>()(() => ({ open: null, prefix: '' }));

export function closeDialog(): void {
  dialogs.setState({ open: null });
}
