import type { Protocol, Provider } from '../../src-shared/domain';
import type { CallEndpoint, ProviderClient, RawExchange } from './provider-client';

/** The adapters. Getting one is cheap; its SDK is loaded on its first call. */
export interface ProviderClients {
  clientFor(protocol: Protocol): ProviderClient;
  /** Keeps a call's secret out of the store. */
  echoGuard(secret: string | null): EchoGuard;
}

/** Overwrites a secret that a provider echoes, so that it never reaches a file, not even inside an answer. */
export interface EchoGuard {
  /** The longest form of the secret, in bytes: as much of it may be cut off at the end of a chunk. */
  readonly longest: number;
  /** Overwrites every form of the secret with `*`, keeping offsets. */
  redact(bytes: Uint8Array): { bytes: Uint8Array; redacted: boolean };
  /**
   * `redact` for a whole answer. An answer that came compressed unasked is searched in decoded form, and stays decoded
   * only if it contains the secret, because compressed bytes cannot be overwritten.
   */
  redactAnswer(answer: Pick<RawExchange, 'bytes' | 'headers'>): {
    bytes: Uint8Array;
    headers: RawExchange['headers'];
    redacted: boolean;
  };
}

export interface ConnectionTarget {
  readonly connectionId: string;
  readonly name: string;
  readonly provider: Provider;
  readonly concurrency: number;
}

export interface ConnectionResolver {
  /**
   * The connection for a run: the one named, else the oldest of the provider, which is given or inferred from the model
   * id.
   * @throws AppError NO_CONNECTION, NOT_FOUND, PROVIDER_UNKNOWN
   */
  find(wanted: {
    org_id: string;
    connection_id?: string | undefined;
    provider?: string | null | undefined;
    model_id: string;
  }): ConnectionTarget;
  /**
   * The endpoint with its secret, for the duration of a call. @throws AppError CREDENTIAL_MISSING, KEYCHAIN_UNAVAILABLE
   */
  endpointOf(connectionId: string): Promise<CallEndpoint>;
  /** The endpoint without its secret, for a request that is shown and not sent. @throws AppError NO_CONNECTION */
  addressOf(connectionId: string): Promise<CallEndpoint>;
}
