import type {
  AnySchema,
  ContractProcedure,
  ErrorMap,
  InferSchemaInput,
  InferSchemaOutput,
  Meta,
} from '@orpc/contract';
import type { Contract } from '../../src-shared/contract';
import type {
  Asset,
  BatchEvent,
  ChangeEvent,
  NamedTemplate,
  PromptPartial,
  RetryWait,
  Run,
  RunSummary,
} from '../../src-shared/domain';
import type { Logger } from './runtime';

/**
 * Everything Prompter does, without a host: a service per area of the contract, a method per procedure. Methods throw
 * `AppError` for expected failures and anything else for bugs.
 */
export interface Core extends AllServices {
  /** The core's log, also for the host's own lines: it knows which secrets to redact. */
  readonly logger: Logger;
  /**
   * Publishes where this process can be reached and the key for it, for commands that find the store locked.
   * @returns why they cannot attach; null where they can
   */
  announce(address: { readonly url: string; readonly key: string }): string | null;
  /** Stops batches at the next cell, waits for calls in flight, closes the store. */
  close(): Promise<void>;
}
type AllServices = { readonly [Area in keyof Contract]: Service<Area> };

/** An area's procedures from the contract, and what the core offers beyond them. */
export type Service<Area extends keyof Contract> = Services[Area] &
  (Area extends keyof Beyond ? Beyond[Area] : unknown);

/**
 * The contract as methods, from a procedure's input to a promise of its output, or to the output itself under `AtOnce`.
 */
export type Services = {
  readonly [Area in keyof Contract]: {
    readonly [Name in keyof Contract[Area] as Exclude<Name, NamesOf<Special, Area>>]: (
      ...given: Arguments<InputOf<Contract[Area][Name]>>
    ) => Name extends NamesOf<AtOnce, Area>
      ? OutputOf<Contract[Area][Name]>
      : Promise<OutputOf<Contract[Area][Name]>>;
  };
};

/** What a method may use of a call besides its input. */
export interface Call {
  readonly signal?: AbortSignal | undefined;
}
type Arguments<Input> = unknown extends Input
  ? [input?: undefined, call?: Call]
  : [input: Input, call?: Call];

/** The input after validation by the procedure's schema, with defaults filled in. */
export type InputOf<Procedure> =
  Procedure extends ContractProcedure<infer Input, AnySchema, ErrorMap, Meta>
    ? InferSchemaOutput<Input>
    : never;
/** The output must pass its schema unchanged: a method cannot return what the schema would transform. */
type OutputOf<Procedure> =
  Procedure extends ContractProcedure<AnySchema, infer Output, ErrorMap, Meta>
    ? InferSchemaOutput<Output> extends InferSchemaInput<Output>
      ? InferSchemaOutput<Output>
      : never
    : never;

/** Procedure names by area; the compiler rejects those that the contract does not have. */
type Procedures<T extends { [Area in keyof T]: Area extends keyof Contract ? keyof Contract[Area] : never }> =
  T;
type NamesOf<Names, Area> = Area extends keyof Names ? Names[Area] : never;

/**
 * Procedures that need more of a call than its input, or return more than its output: streams, files, replays.
 * `rpc/special-handlers.ts` implements them with what `Beyond` offers instead.
 */
export type Special = Procedures<{
  system: 'health' | 'changes';
  templates: 'create';
  assets: 'put' | 'get';
  partials: 'put';
  runs: 'start' | 'stream' | 'raw';
  batches: 'events';
  audit: 'export' | 'verifier' | 'verify' | 'verifyEvents';
}>;

/** Answered synchronously, so that nothing can happen in between. */
type AtOnce = Procedures<{
  system: 'installSample' | 'dismissSample';
  prompts: keyof Contract['prompts'];
  templates: keyof Contract['templates'];
  assets: keyof Contract['assets'];
  partials: keyof Contract['partials'];
  versions: 'list' | 'drift' | 'driftAnswers' | 'pin' | 'unpin' | 'pins';
  runs: 'list' | 'listOfTemplate' | 'get' | 'reparse';
  review: 'list' | 'groups' | 'get' | 'check' | 'decide';
  batches: Exclude<keyof Contract['batches'], 'start' | 'estimate' | 'summary'>;
  providers: 'list';
  insight: keyof Contract['insight'];
  audit: 'entry';
  backups: 'list';
}>;

/** What the contract does not have. */
interface Beyond {
  readonly system: {
    /** Changes after each commit, until the signal aborts. */
    changes(signal: AbortSignal | undefined): AsyncIterable<ChangeEvent>;
  };
  readonly templates: {
    /** `replayed` if an idempotency key already had a template. */
    create(input: InputOf<Contract['templates']['create']>): { template: NamedTemplate; replayed: boolean };
  };
  readonly assets: {
    /** `replayed` if the file was stored already. */
    put(input: InputOf<Contract['assets']['put']>): { asset: Asset; replayed: boolean };
    /** @throws NOT_FOUND, STORE_CORRUPT */
    get(input: InputOf<Contract['assets']['get']>): { bytes: Uint8Array; mediaType: string };
  };
  readonly partials: {
    /** `replayed` if this is the partial's newest text already. */
    put(input: InputOf<Contract['partials']['put']>): { partial: PromptPartial; replayed: boolean };
  };
  readonly runs: {
    /** Runs once and returns the stored run; `replayed` if an idempotency key already had one. */
    start(
      input: InputOf<Contract['runs']['start']>,
      options?: {
        /** The run is stored, and its call is about to be sent. */
        onStart?: (runId: string) => void;
        onText?: (delta: string) => void;
        /** Before a call that was turned away is sent again. */
        onWait?: (wait: RetryWait) => void;
      },
    ): Promise<{ run: Run; replayed: boolean }>;
    /** Waits, up to a limit, until a list with `q` covers every run. */
    prepareSearch(): Promise<void>;
    /** @throws NOT_FOUND if no answer is stored */
    raw(input: InputOf<Contract['runs']['raw']>): { bytes: Uint8Array; contentType: string };
  };
  readonly batches: {
    /** Progress first, then events, until the batch has ended or the signal aborts. */
    events(
      input: { readonly batch_id: string; readonly from_start?: boolean },
      signal: AbortSignal | undefined,
    ): AsyncIterable<BatchEvent>;
    /** Resolves when the batch no longer runs in this process (completed, paused, stopped, cancelled). */
    settled(batchId: string): Promise<void>;
    /** Calls back for each stored cell of a running batch, after its commit. */
    onCell(batchId: string, listener: (cell: RunSummary) => void): () => void;
  };
  readonly insight: {
    /** Usage since the store was created, by model, for metrics. Null with statistics off: nobody counted. */
    lifetime(): ModelUsage[] | null;
  };
  readonly audit: {
    /** @throws STORE_CORRUPT, DISK_FULL */
    export(): Promise<{ file: File; size: number }>;
    verify(options?: {
      onProgress?: (entries: number) => void;
      signal?: AbortSignal | undefined;
    }): Promise<OutputOf<Contract['audit']['verify']>>;
    /** The Python program that verifies an export. */
    readonly verifier: string;
    /** The current number of entries. */
    size(): number;
  };
}

/** Totals over all finished runs of a model; latency covers the last 24 hours. */
export interface ModelUsage {
  readonly provider: string;
  readonly model_id: string;
  readonly simulated: boolean;
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly outcome_unknown: number;
  readonly version_mismatch: number;
  readonly parse_failed: number;
  readonly unpriced: number;
  /** Null if nothing of it is priced. */
  readonly cost_usd: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}
