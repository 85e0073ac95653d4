/** Starts the built-in practice provider's wire server on first use. */
export interface PracticeHost {
  /** Base URL such as `http://127.0.0.1:49152`, without a trailing slash. */
  url(): Promise<string>;
  close(): Promise<void>;
}
