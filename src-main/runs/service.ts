import {
  AppError,
  isFrozenFor,
  isOpen,
  type RetryWait,
  type Run,
  type RunRequest,
  type RunStatus,
  type Template,
} from '../../src-shared/domain';
import type { Logger, Service } from '../ports';
import type { ConnectionResolver, ConnectionTarget } from '../ports';
import {
  countUnsearched,
  encodeCursor,
  findByConfig,
  requireRun,
  requireTemplate,
  listRuns,
  placeOf,
  nameIn,
  templateHeads,
  titleOf,
  type ReadDb,
  type RunFilter,
  type RunRow,
  type StoredRawResponse,
} from '../store';
import { assertActive, assertInUse, providerOf, type SentPrompt } from '../templates';
import { withPin, type ProbeRequest, type Versions } from '../versions';
import { assertCanSearch } from './can-search';
import { createCompose } from './composed-request';
import type { ExecuteDeps } from './execute';
import { KeyTaken, runKeyOf, runOfKey, takeRunKey, type RunKey } from './idempotency';
import { bareTemplate, groundingModeOf, paramsOf, plainPrompt, planRun, renderToSend } from './plan';
import { assertWithinBudget } from './month-budget';
import { assertPinHolds } from './pin';
import { assertTaken } from './taken';
import { assertSupported, assertCountriesAllowed } from './template-rules';
import { adaptToRefusal } from './probe-params';
import { rebuildPage } from './rebuild';
import { rederive } from './recover';
import { executeWithRetries } from './retries';
import { prepareSearch } from './search';
import { answerOfRun, noAnswer } from './stored-answer';
import { runSummary } from './summaries';
import { runView } from './view';

export interface RunsDeps extends ExecuteDeps {
  readonly connections: ConnectionResolver;
  readonly logger: Logger;
  readonly versions: () => Versions;
}

export interface Runs extends Service<'runs'> {
  probe(request: ProbeRequest): Promise<Run>;
  /** Stops runs in flight, and waits until what had arrived is stored. */
  close(): Promise<void>;
}

/** The template, and what its configuration is stored as besides: trials, or the version that a trial has become. */
function sameConfiguration(db: ReadDb, template: Template): string[] {
  return [...new Set([template, ...findByConfig(db, template)].map(({ template_id }) => template_id))];
}

/** Costs as few tokens as possible. */
const PROBE_PROMPT = 'ping';
/** Somebody is waiting for the version; a model that needs longer for one word is not answering. */
const PROBE_TIMEOUT_SECONDS = 60;

export function createRunsService(deps: RunsDeps): Runs {
  const { store, clock } = deps;
  const underWay = new Map<string, { readonly ended: Promise<unknown>; readonly stop: AbortController }>();
  /** Runs that are stored as failed, for a crash, and are not over: their call is sent again. */
  const waiting = new Set<string>();

  const asOfNow = <R extends { readonly run_id: string; readonly status: RunStatus }>(run: R): R =>
    waiting.has(run.run_id) ? { ...run, status: 'pending' } : run;

  const get = (runId: string): Run => {
    return runView(store.read, deps, asOfNow(requireRun(store.read, runId)));
  };

  /** @throws NOT_FOUND if no answer to the run is stored */
  const rawOf = (row: RunRow): StoredRawResponse => {
    const answer = answerOfRun(store.read, deps.clients, row);
    if (answer === null) throw noAnswer(row.run_id);
    return answer.raw;
  };

  /** The run that already has the key, once it has ended. */
  const replay = async (template: Template, key: RunKey | null): Promise<Run | null> => {
    if (!key) return null;
    const runId = runOfKey(store.read, template.org_id, key, clock.now());
    if (runId === null) return null;
    await underWay.get(runId)?.ended.catch(() => undefined);
    return get(runId);
  };

  const execute = async (work: {
    template: Template;
    target: ConnectionTarget;
    request: RunRequest;
    rendered: SentPrompt;
    key: RunKey | null;
    probe: boolean;
    onStart?: ((runId: string) => void) | undefined;
    onText: ((delta: string) => void) | undefined;
    onWait?: ((wait: RetryWait) => void) | undefined;
    inferenceParams?: Template['inference_params'];
  }): Promise<{ run: Run; replayed: boolean }> => {
    const { template, key } = work;
    const endpoint = await deps.connections.endpointOf(work.target.connectionId);
    // A probe asks for a version instead of an answer: it uses only the template's name.
    const asked = work.probe ? bareTemplate(template, work.inferenceParams ?? {}) : template;
    const plan = planRun(deps, {
      template: asked,
      endpoint,
      request: work.request,
      rendered: work.rendered,
      idempotencyKey: key?.key ?? null,
      ...(work.probe ? { analysis: { probe: true } } : {}),
    });
    assertTaken(deps.clients, plan);
    const { run_id } = plan.run;
    const stop = new AbortController();
    const running = executeWithRetries(
      deps,
      plan,
      {
        signal: stop.signal,
        onStart: work.onStart,
        onText: work.onText,
        alongside: (tx) => {
          if (key) takeRunKey(tx, plan, key, clock.now());
        },
        onWait(wait) {
          waiting.add(run_id);
          store.write((tx) => tx.changed('runs', run_id));
          work.onWait?.(wait);
        },
        onResend(tx) {
          waiting.delete(run_id);
          tx.changed('runs', run_id);
        },
      },
      work.probe ? adaptToRefusal : undefined,
    );
    underWay.set(run_id, { ended: running, stop });
    try {
      await running.finally(() => stopWaiting(run_id));
      return { run: get(run_id), replayed: false };
    } catch (error) {
      // Of two concurrent requests with one key, one is sent and the other gets its run.
      const other = error instanceof KeyTaken ? await replay(template, key) : null;
      if (other) return { run: other, replayed: true };
      throw error;
    } finally {
      underWay.delete(run_id);
    }
  };

  /** A wait that was stopped, or whose call could not be stored, leaves the run as it is stored. */
  const stopWaiting = (runId: string): void => {
    if (waiting.delete(runId)) store.write((tx) => tx.changed('runs', runId));
  };

  const listWhere = (
    filter: RunFilter,
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): ReturnType<Runs['list']> => {
    const page = listRuns(store.read, filter, { cursor: placeOf(cursor), limit });
    const heads = templateHeads(
      store.read,
      page.items.map(({ template_id }) => template_id),
    );
    return {
      items: page.items.map((row) => ({
        ...runSummary(store.read, deps.clients, asOfNow(row)),
        ...nameIn(heads, row.template_id),
        template_trial: heads.get(row.template_id)?.trial ?? false,
      })),
      next_cursor: page.next === null ? null : encodeCursor(page.next),
      unsearched: filter.q === undefined ? 0 : countUnsearched(store.read),
    };
  };

  const list: Runs['list'] = ({ cursor, limit, ...filter }) => listWhere(filter, { cursor, limit });

  return {
    async start({ template_id, ...request }, options = {}) {
      const own = requireTemplate(store.read, template_id);
      assertCountriesAllowed(own, [{ path: 'country', country: request.country }]);
      const modelId = request.model_id ?? own.model_id;
      const target = deps.connections.find({
        org_id: own.org_id,
        connection_id: request.connection_id,
        provider: providerOf(own, request),
        model_id: modelId,
      });
      const model = { provider: target.provider.provider_id, model_id: modelId };
      const template = withPin(store.read, own, model);
      const rendered = renderToSend(store.read, template, request);
      const key = runKeyOf(
        template,
        request,
        { connectionId: target.connectionId, modelId },
        rendered,
        clock.now(),
      );
      const known = await replay(template, key);
      if (known) return { run: known, replayed: true };
      assertInUse(store.read, template);
      assertActive(store.read, template);
      assertSupported(store.read, template);
      assertCanSearch(deps.clients, { target, modelId, mode: groundingModeOf(template, request) });
      assertWithinBudget({ ...deps, read: store.read }, template, {
        provider: target.provider.provider_id,
        model_id: modelId,
        promptBytes: Buffer.byteLength(rendered.rendered_prompt),
        params: paramsOf(template, request),
      });
      await assertPinHolds(deps.versions(), {
        template,
        title: titleOf(store.read, template),
        target,
        modelId,
        frozen: isFrozenFor(own, model),
      });
      return execute({
        template,
        target,
        request,
        rendered,
        key,
        probe: false,
        onStart: options.onStart,
        onText: options.onText,
        onWait: options.onWait,
      });
    },

    async probe({ template, target, modelId, idempotencyKey }) {
      const client = deps.clients.clientFor(target.provider.protocol);
      const rendered = plainPrompt(PROBE_PROMPT);
      // The hourly key names provider and model (docs/interfaces.md#idempotency): a run on another connection says
      // nothing about this one, which then gets its own key.
      const isThisConnections = (run: Run): boolean => run.connection_id === target.connectionId;
      for (const text of [idempotencyKey, `${idempotencyKey}:${target.connectionId}`]) {
        const key: RunKey = { key: text, requestSha256: rendered.rendered_prompt_sha256 };
        const known = await replay(template, key);
        if (known && !isThisConnections(known)) continue;
        // A failed probe proves nothing about the version: ask again.
        if (known?.status === 'succeeded') return known;
        const { run } = await execute({
          template,
          target,
          request: { model_id: modelId, grounding_mode: 'none', timeout_seconds: PROBE_TIMEOUT_SECONDS },
          rendered,
          key: known ? null : key,
          probe: true,
          onText: undefined,
          inferenceParams: client.probeParams(modelId),
        });
        if (isThisConnections(run)) return run;
      }
      throw new Error(`the key of a probe over ${target.connectionId} stands for another connection's run`);
    },

    compose: createCompose(deps),

    list,

    listOfTemplate({ template_id, scope, ...page }) {
      // Unlike in a filter, an unknown template is an error here.
      const template = requireTemplate(store.read, template_id);
      switch (scope) {
        case 'template':
          return listWhere({ template_id }, page);
        case 'configuration':
          return listWhere({ template_ids: sameConfiguration(store.read, template) }, page);
        case 'trials':
          return listWhere({ trials_of: template.prompt_id }, page);
      }
    },

    prepareSearch: () => prepareSearch(deps),

    get: ({ run_id }) => get(run_id),

    raw({ run_id }) {
      const raw = rawOf(requireRun(store.read, run_id));
      return { bytes: raw.bytes, contentType: raw.content_type ?? 'application/octet-stream' };
    },

    reparse({ run_id }) {
      const row = asOfNow(requireRun(store.read, run_id));
      if (isOpen(row.status)) {
        throw new AppError('REVIEW_STATE', 'The run is still in progress. Wait for its answer.', {
          data: { run_id, status: row.status },
        });
      }
      rawOf(row);
      // In doubt: reading the stored part would give a plain failure and hide that the call may have been billed.
      if (row.status === 'outcome_unknown') {
        throw new AppError(
          'REVIEW_STATE',
          'It is not known whether this call was answered, and parsing what is stored cannot settle it. Send it again instead.',
          { data: { run_id, status: row.status } },
        );
      }
      if (!rederive(deps, run_id)) throw noAnswer(run_id);
      return get(run_id);
    },

    rebuild: (input, call) => rebuildPage(deps, input, call?.signal),

    async stop({ run_id }) {
      const found = underWay.get(run_id);
      if (found === undefined) {
        requireRun(store.read, run_id);
        return { stopped: false };
      }
      found.stop.abort();
      await found.ended.catch(() => undefined);
      return { stopped: true };
    },

    async close() {
      const all = [...underWay.values()];
      for (const { stop } of all) stop.abort();
      await Promise.allSettled(all.map(({ ended }) => ended));
    },
  };
}
