import type {
  AnySchema,
  ContractProcedure,
  ErrorMap,
  InferContractRouterOutputs,
  InferSchemaOutput,
  Meta,
} from '@orpc/contract';
import type { Contract } from '../../src-shared/contract';
import type { BatchEvent, ChangeEvent, Run, RunSummary, Template } from '../../src-shared/domain';
import type { Logger } from './runtime';

/** Inputs as the contract's schemas leave them: checked, defaults filled in. */
type In = {
  [Area in keyof Contract]: {
    [Name in keyof Contract[Area]]: Contract[Area][Name] extends ContractProcedure<
      infer Input,
      AnySchema,
      ErrorMap,
      Meta
    >
      ? InferSchemaOutput<Input>
      : never;
  };
};
type Out = InferContractRouterOutputs<Contract>;
/**
 * Everything Prompter does, without a host. Routers call these and add nothing.
 * Methods throw `AppError` for what can be expected and anything else for bugs.
 */
export interface Core {
  readonly system: SystemService;
  readonly templates: TemplatesService;
  readonly versions: VersionsService;
  readonly runs: RunsService;
  readonly review: ReviewService;
  readonly batches: BatchesService;
  readonly providers: ProvidersService;
  readonly connections: ConnectionsService;
  readonly insight: InsightService;
  readonly audit: AuditService;
  readonly sync: SyncService;
  readonly backups: BackupsService;
  /** The core's log, for the host's own lines too: it knows which secrets to redact. */
  readonly logger: Logger;
  /** Publishes where this process can be reached, for one that finds the store locked. */
  announce(address: { readonly url: string; readonly linkKey: string }): void;
  /** Stops batches at the next cell, waits for what is in flight, closes the store. */
  close(): Promise<void>;
}

export interface SystemService {
  status(): Promise<Out['system']['status']>;
  /** Changes after each commit until the signal aborts. */
  changes(signal: AbortSignal | undefined): AsyncIterable<ChangeEvent>;
  installSample(): Out['system']['installSample'];
  dismissSample(): Out['system']['dismissSample'];
}

export interface TemplatesService {
  /** @throws TEMPLATE_DUPLICATE with `{template_id, name, diff}`, IDEMPOTENCY_KEY_REUSED, TEMPLATE_SYNTAX, VALIDATION_FAILED */
  create(input: In['templates']['create']): { template: Template; replayed: boolean };
  list(input: In['templates']['list']): Out['templates']['list'];
  get(templateId: string): Template;
  checkDuplicate(input: In['templates']['checkDuplicate']): Out['templates']['checkDuplicate'];
  /** @throws MISSING_VARIABLE naming each one, TEMPLATE_SYNTAX, RENDER_LIMIT */
  render(input: In['templates']['render']): Out['templates']['render'];
  archive(templateId: string): Template;
  labels(templateId: string): Out['templates']['labels'];
  /** Moves the label here; where it is here already nothing happens. @throws NOT_FOUND, VALIDATION_FAILED */
  setLabel(input: In['templates']['setLabel']): Out['templates']['setLabel'];
  /** @throws NOT_FOUND where the label does not point to this template */
  removeLabel(input: In['templates']['removeLabel']): Out['templates']['removeLabel'];
  lineage(templateId: string): Out['templates']['lineage'];
}

export interface VersionsService {
  /** @throws NOT_FOUND, NO_CONNECTION, PROVIDER_FAILURE where the probe fails */
  ensure(input: In['versions']['ensure']): Promise<Out['versions']['ensure']>;
  list(templateId: string): Out['versions']['list'];
  /** The cache by provider; expired evidence is asked for again. @throws NOT_FOUND */
  ofProvider(input: In['versions']['ofProvider']): Promise<Out['versions']['ofProvider']>;
  drift(input: In['versions']['drift']): Out['versions']['drift'];
  /** @throws NOT_FOUND */
  driftAnswers(input: In['versions']['driftAnswers']): Out['versions']['driftAnswers'];
  pin(input: In['versions']['pin']): Out['versions']['pin'];
  unpin(input: In['versions']['unpin']): Out['versions']['unpin'];
  pins(templateId: string): Out['versions']['pins'];
}

export interface RunsService {
  /** Runs once and answers with the stored run; `replayed` where an idempotency key had one already. */
  start(
    input: In['runs']['start'],
    options?: { signal?: AbortSignal; onText?: (delta: string) => void },
  ): Promise<{ run: Run; replayed: boolean }>;
  list(input: In['runs']['list']): Out['runs']['list'];
  /** Waits, not for long, until a list with `q` covers every run. */
  prepareSearch(): Promise<void>;
  get(runId: string): Run;
  /** The exact bytes and their content type. @throws NOT_FOUND where no answer is stored */
  raw(runId: string): { bytes: Uint8Array; contentType: string };
  /** Reads the stored bytes again. @throws NOT_FOUND where none are stored, REVIEW_STATE where the run has not ended */
  reparse(runId: string): Run;
  /** A page of `reparse` over stored answers that writes only what changes. @throws VALIDATION_FAILED */
  rebuild(input: In['runs']['rebuild'], signal?: AbortSignal): Promise<Out['runs']['rebuild']>;
}

export interface ReviewService {
  list(input: In['review']['list']): Out['review']['list'];
  groups(): Out['review']['groups'];
  /** @throws NOT_FOUND where there is no such run, or no answer of it */
  get(runId: string): Out['review']['get'];
  check(input: In['review']['check']): Out['review']['check'];
  /** @throws NOT_FOUND, REVIEW_STATE where it was decided already or there is nothing to decide, VALIDATION_FAILED */
  decide(input: In['review']['decide']): Out['review']['decide'];
  /** Each by itself: what cannot be decided is among the refused. @throws VALIDATION_FAILED where nothing can be decided so */
  decideMany(input: In['review']['decideMany']): Promise<Out['review']['decideMany']>;
}

/** A stored cell of a comparison but for the text of its output. */
export type CellFacts = Omit<RunSummary, 'output_text'>;

export interface BatchesService {
  start(input: In['batches']['start']): Promise<Out['batches']['start']>;
  estimate(input: In['batches']['estimate']): Out['batches']['estimate'];
  list(input: In['batches']['list']): Out['batches']['list'];
  get(batchId: string): Out['batches']['get'];
  runs(input: In['batches']['runs']): Out['batches']['runs'];
  rows(input: In['batches']['rows']): Out['batches']['rows'];
  /** Every stored cell in plan order, without its text, for which each answer would have to be read. @throws NOT_FOUND */
  cells(batchId: string): Iterable<CellFacts>;
  /** Progress first, then what happens, until the batch has ended or the signal aborts. */
  events(batchId: string, signal: AbortSignal | undefined): AsyncIterable<BatchEvent>;
  pause(batchId: string): Out['batches']['pause'];
  resume(batchId: string, options: { retryUnknown: boolean }): Out['batches']['resume'];
  cancel(batchId: string): Out['batches']['cancel'];
  retryFailed(batchId: string): Out['batches']['retryFailed'];
  /** Resolves when the batch is not running any more in this process (completed, paused, stopped, cancelled). */
  settled(batchId: string): Promise<void>;
  /** Calls back for each stored cell of a running batch, after its commit (the CLI's progress). */
  onCell(batchId: string, listener: (cell: RunSummary) => void): () => void;
}

export interface ProvidersService {
  list(): Out['providers']['list'];
  /** Through the provider's default connection. @throws NOT_FOUND, NO_CONNECTION, PROVIDER_FAILURE */
  models(input: In['providers']['models'], signal?: AbortSignal): Promise<Out['providers']['models']>;
}

export interface ConnectionsService {
  list(): Promise<Out['connections']['list']>;
  /** @throws PROVIDER_UNKNOWN, VALIDATION_FAILED, CONNECTION_NAME_TAKEN, KEYCHAIN_UNAVAILABLE with a hint */
  create(input: In['connections']['create']): Promise<Out['connections']['create']>;
  /** @throws NOT_FOUND, NO_CONNECTION, VALIDATION_FAILED, CONNECTION_NAME_TAKEN, KEYCHAIN_UNAVAILABLE with a hint */
  update(change: In['connections']['update']): Promise<Out['connections']['update']>;
  test(input: In['connections']['test'], signal?: AbortSignal): Promise<Out['connections']['test']>;
  setSecret(connectionId: string, secret: string): Promise<Out['connections']['setSecret']>;
  setDialect(change: In['connections']['setDialect']): Promise<Out['connections']['setDialect']>;
  archive(connectionId: string): Promise<Out['connections']['archive']>;
  /** @throws PROVIDER_FAILURE with the failure, CREDENTIAL_MISSING */
  models(input: In['connections']['models'], signal?: AbortSignal): Promise<Out['connections']['models']>;
}

/** Questions about what was run, answered from hourly sums. */
export interface InsightService {
  costs(query: In['insight']['costs']): Out['insight']['costs'];
  latency(query: In['insight']['latency']): Out['insight']['latency'];
  errors(query: In['insight']['errors']): Out['insight']['errors'];
  tokens(query: In['insight']['tokens']): Out['insight']['tokens'];
  storage(query: In['insight']['storage']): Out['insight']['storage'];
  budgets(): Out['insight']['budgets'];
  /** @throws NOT_FOUND where there is no such workspace */
  setBudget(change: In['insight']['setBudget']): Out['insight']['setBudget'];
  /** What was used since the store began, by model: for metrics. Null where statistics are off: nobody counted. */
  lifetime(): ModelUsage[] | null;
}

/** Sums over all ended runs of a model; latency is of the last 24 hours. */
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
  /** Null where nothing of it is priced. */
  readonly cost_usd: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
}

/** Copies of the store. Putting one back takes the store away from under its owner: that is a command of its own. */
export interface BackupsService {
  /** Makes one and reads it back; whoever asks meanwhile gets the same. @throws DISK_FULL, STORE_CORRUPT */
  create(): Promise<Out['backups']['create']>;
  list(): Out['backups']['list'];
}

export interface AuditService {
  /** Signs what the log holds now. @throws STORE_CORRUPT where it does not continue what was signed before */
  checkpoint(): Promise<Out['audit']['checkpoint']>;
  /** The log as a file, up to a checkpoint that is signed for it. @throws STORE_CORRUPT as above, DISK_FULL */
  export(): Promise<{ file: File; size: number }>;
  verify(options?: {
    onProgress?: (entries: number) => void;
    signal?: AbortSignal | undefined;
  }): Promise<Out['audit']['verify']>;
  list(input: In['audit']['list']): Promise<Out['audit']['list']>;
  /** @throws NOT_FOUND */
  entry(seq: number): Out['audit']['entry'];
  /** @throws NOT_FOUND */
  proof(seq: number): Promise<Out['audit']['proof']>;
  /** The Python program that checks an export. */
  readonly verifier: string;
  /** How many entries there are now. */
  size(): number;
}

/** A team's database: off until it is set up. Its password goes in and never comes out. */
export interface SyncService {
  status(): Promise<Out['sync']['status']>;
  /** Also while paused. @throws SYNC_STATE where it is off, TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, CANCELLED */
  push(signal?: AbortSignal): Promise<Out['sync']['push']>;
  pause(): Promise<Out['sync']['pause']>;
  resume(): Promise<Out['sync']['resume']>;
  setAside(input: In['sync']['setAside']): Promise<Out['sync']['setAside']>;
  retrySetAside(): Promise<Out['sync']['retrySetAside']>;
  /** @throws as `push` */
  counts(): Promise<Out['sync']['counts']>;
  /** @throws SYNC_STATE where no values are given and none are stored */
  test(input: In['sync']['test']): Promise<Out['sync']['test']>;
  /** @throws VALIDATION_FAILED, KEYCHAIN_UNAVAILABLE, SYNC_STATE under PROMPTER_DATABASE_URL */
  setConnection(input: In['sync']['setConnection']): Promise<Out['sync']['setConnection']>;
  turnOff(): Promise<Out['sync']['turnOff']>;
  /** @throws TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, MIGRATION_CHANGED, KEYCHAIN_UNAVAILABLE */
  init(input: In['sync']['init']): Promise<Out['sync']['init']>;
}
