/** The tabs beside the prompt. */
export const EDITOR_TABS = ['preview', 'parameters', 'details', 'run', 'versions', 'tools'] as const;
export type EditorTab = (typeof EDITOR_TABS)[number];
