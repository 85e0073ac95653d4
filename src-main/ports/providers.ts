import type { Protocol, Provider } from '../../src-shared/domain';
import type { CallEndpoint, ProviderClient } from './provider-client';

/** The adapters. Getting one is cheap; its SDK is loaded at its first call. */
export interface ProviderClients {
  clientFor(protocol: Protocol): ProviderClient;
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
