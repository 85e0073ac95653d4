export interface KeyVaultStatus {
  readonly mode: 'os' | 'session';
  readonly available: boolean;
  /** What to tell the user where it is not available or not lasting; null where all is well. */
  readonly message: string | null;
}

/** Where secrets live. Values go in and come out only inside the main process. */
export interface KeyVault {
  status(): Promise<KeyVaultStatus>;
  /** The secret, or null where there is none under this reference. */
  get(ref: string): Promise<string | null>;
  /** @throws AppError KEYCHAIN_UNAVAILABLE */
  set(ref: string, secret: string): Promise<void>;
  delete(ref: string): Promise<void>;
}
