export interface KeyVaultStatus {
  readonly mode: 'os' | 'session';
  readonly available: boolean;
  /** What to tell the user if the vault is unavailable or not persistent; null if all is well. */
  readonly message: string | null;
}

/** Holds secrets. Values go in and come out only inside the main process. */
export interface KeyVault {
  status(): Promise<KeyVaultStatus>;
  /** The secret, or null if there is none under this reference. */
  get(ref: string): Promise<string | null>;
  /** @throws AppError KEYCHAIN_UNAVAILABLE */
  set(ref: string, secret: string): Promise<void>;
  delete(ref: string): Promise<void>;
}
