import { create } from 'zustand';

interface DialogState {
  readonly open: 'palette' | 'help' | null;
  /** What the palette starts with: `@` for templates, empty for everything. */
  readonly prefix: string;
}

/** Which dialog of the shell is open; never two. */
export const dialogs = create<DialogState>()(() => ({ open: null, prefix: '' }));

export function closeDialog(): void {
  dialogs.setState({ open: null });
}
