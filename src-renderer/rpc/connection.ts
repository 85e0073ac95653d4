import { create } from 'zustand';

interface ConnectionState {
  /** Whether the stream of change events is open. */
  readonly link: 'connecting' | 'live' | 'lost';
  /** Why the last attempt failed, for the status bar's tooltip. */
  readonly reason: string | null;
  readonly session: 'ok' | 'expired';
}

/** The state of the connection to the core. */
export const connection = create<ConnectionState>()(() => ({
  link: 'connecting',
  reason: null,
  session: 'ok',
}));
