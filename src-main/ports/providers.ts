import type { Protocol, Provider } from '../../src-shared/domain';
import type { CallEndpoint, ProviderClient, RawExchange } from './provider-client';

/** The adapters. Getting one is cheap; its SDK is loaded at its first call. */
export interface ProviderClients {
  clientFor(protocol: Protocol): ProviderClient;
  /** What keeps a call's secret out of the store. */
  echoGuard(secret: string | null): EchoGuard;
}

/** Overwrites a secret that a provider echoes: it never reaches a file, not even inside an answer. */
export interface EchoGuard {
  /** The longest form of the secret, in bytes: so much may be cut at the end of a piece. */
  readonly longest: number;
  /** Every form of the secret overwritten by `*`, so that nothing else moves. */
  redact(bytes: Uint8Array): { bytes: Uint8Array; redacted: boolean };
  /**
   * The same for a whole answer. One that came compressed, although that was not asked for, is searched decoded; only
   * where the secret is in it does it stay decoded, because compressed bytes cannot be overwritten.
   */
  redactAnswer(answer: Pick<RawExchange, 'bytes' | 'headers'>): {
    bytes: Uint8Array;
    headers: RawExchange['headers'];
    redacted: boolean;
  };
}

/** A connection as runs need it. */
export interface ConnectionTarget {
  readonly connectionId: string;
  readonly name: string;
  readonly provider: Provider;
  readonly concurrency: number;
}

export interface ConnectionResolver {
  /**
   * The connection that a run goes through: the one named, else the only or oldest of the provider, which is the one
   * given or the one inferred from the model id.
   * @throws AppError NO_CONNECTION, NOT_FOUND, PROVIDER_UNKNOWN
   */
  find(wanted: {
    org_id: string;
    connection_id?: string | undefined;
    provider?: string | null | undefined;
    model_id: string;
  }): ConnectionTarget;
  /** The endpoint with its secret, for the time of a call. @throws AppError CREDENTIAL_MISSING, KEYCHAIN_UNAVAILABLE */
  endpointOf(connectionId: string): Promise<CallEndpoint>;
}
