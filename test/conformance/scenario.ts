import { ORPCError } from '@orpc/client';
import type { PrompterClient } from '../../src-main/rpc';

/** What each call answered, under the procedure's name and what was tried. */
export type Transcript = Record<string, unknown>;

/** Uses every procedure of the contract, in good and in bad ways, and writes down what came back. */
export async function scenario(client: PrompterClient): Promise<Transcript> {
  const transcript: Transcript = {};
  const note = async <T>(title: string, call: Promise<T>): Promise<T> => {
    const value = await call;
    transcript[title] = value;
    return value;
  };
  const refused = async (title: string, call: Promise<unknown>): Promise<void> => {
    transcript[title] = await call.then(
      (value) => ({ notRefused: value }),
      (error: unknown) =>
        error instanceof ORPCError
          ? { code: error.code, status: error.status, message: error.message, data: error.data }
          : { notAnRpcError: String(error) },
    );
  };

  await note('system.health', client.system.health());
  await note('providers.list', client.providers.list());
  await note('providers.models', client.providers.models({ provider_id: 'practice-openai' }));

  // Connections
  const connection = await note(
    'connections.create',
    client.connections.create({ name: 'mine', provider: 'practice-openai' }),
  );
  const { connection_id } = connection;
  await refused(
    'connections.create taken',
    client.connections.create({ name: 'mine', provider: 'practice-openai' }),
  );
  await refused(
    'connections.create bad name',
    client.connections.create({ name: '', provider: 'practice-openai' }),
  );
  await note(
    'connections.update',
    client.connections.update({ connection_id, name: 'ours', concurrency: 4 }),
  );
  await note('connections.list', client.connections.list());
  await note('connections.test', client.connections.test({ connection_id }));
  await note('connections.models', client.connections.models({ connection_id, refresh: true }));
  await note(
    'connections.setSecret',
    client.connections.setSecret({ connection_id, secret: 'practice-secret' }),
  );
  await note(
    'connections.setDialect',
    client.connections.setDialect({ connection_id, stream_options: 'omit', response_format: 'json_object' }),
  );
  await note('connections.archive', client.connections.archive({ connection_id }));
  await refused('connections.test unknown', client.connections.test({ connection_id: 'none' }));

  // Templates
  const draft = {
    name: 'Greeting',
    model_id: 'gpt-4o',
    provider: 'practice-openai',
    user_prompt_template: 'Greet {{ name }} ✓ "quoted" \u2028',
    inference_params: { temperature: 0.7 },
  };
  const template = await note(
    'templates.create',
    client.templates.create({ ...draft, idempotency_key: 'create-1' }),
  );
  await note('templates.create replay', client.templates.create({ ...draft, idempotency_key: 'create-1' }));
  await refused('templates.create duplicate', client.templates.create(draft));
  const misspelt = { ...draft, name: '', country_set: ['x'], tempature: 1 };
  await refused('templates.create invalid', client.templates.create(misspelt));
  const { template_id } = template;
  await note('templates.list', client.templates.list({ q: 'Greeting', limit: 5, include_archived: true }));
  await refused('templates.list bad limit', client.templates.list({ limit: 0 }));
  await note('templates.get', client.templates.get({ template_id }));
  await refused('templates.get unknown', client.templates.get({ template_id: 'none/../x' }));
  await note('templates.checkDuplicate', client.templates.checkDuplicate(draft));
  await note(
    'templates.render',
    client.templates.render({ user_prompt_template: 'Hi {{ name }}', variables: { name: 'Ada' } }),
  );
  await refused(
    'templates.render missing',
    client.templates.render({ user_prompt_template: 'Hi {{ name }}' }),
  );
  await note('templates.setLabel', client.templates.setLabel({ template_id, label: 'production' }));
  await refused('templates.setLabel bad', client.templates.setLabel({ template_id, label: 'Not / this' }));
  await note('templates.labels', client.templates.labels({ template_id }));
  await note('templates.diff', client.templates.diff({ from: template_id, to: template_id }));

  // Prompts
  const { prompt_id } = template;
  await note(
    'prompts.list',
    client.prompts.list({ q: 'Greet', label: 'production', sort: 'name', limit: 5 }),
  );
  await refused('prompts.list bad order', client.prompts.list({ cursor: 'x' }));
  await note('prompts.facets', client.prompts.facets({}));
  await note('prompts.byName', client.prompts.byName({ name: 'Greeting' }));
  await refused('prompts.byName unknown', client.prompts.byName({ name: 'none/../x' }));
  await note('prompts.get', client.prompts.get({ prompt_id }));
  await note('prompts.history', client.prompts.history({ prompt_id, include_trials: true, limit: 5 }));
  await note('prompts.labels', client.prompts.labels({ prompt_id, limit: 5 }));
  await note('prompts.update', client.prompts.update({ prompt_id, active: false, changed_by: 'Ada ✓' }));
  await refused('prompts.byName inactive', client.prompts.byName({ name: 'Greeting' }));
  await note('prompts.setLabelRule', client.prompts.setLabelRule({ labels: ['production'] }));
  await note('prompts.labelRules', client.prompts.labelRules());
  await refused(
    'templates.removeLabel protected',
    client.templates.removeLabel({ template_id, label: 'production' }),
  );
  const { request_id } = await note(
    'prompts.requestLabel',
    client.prompts.requestLabel({ template_id, label: 'production', remove: true, requested_by: 'Ada ✓' }),
  );
  const approve = (decided_by: string) =>
    client.prompts.decideLabel({ request_id, decision: 'approved', decided_by });
  await refused('prompts.decideLabel same person', approve(' ada ✓'));
  await note('prompts.decideLabel', approve('Eve'));
  await note('prompts.labelRequests', client.prompts.labelRequests({ prompt_id, limit: 5 }));
  await note('prompts.setLabelRule none', client.prompts.setLabelRule({ labels: [] }));
  await note('templates.setLabel again', client.templates.setLabel({ template_id, label: 'production' }));
  await note('prompts.update back', client.prompts.update({ prompt_id, active: true }));

  await note('templates.removeLabel', client.templates.removeLabel({ template_id, label: 'production' }));
  await refused(
    'templates.removeLabel gone',
    client.templates.removeLabel({ template_id, label: 'production' }),
  );
  await note('templates.lineage', client.templates.lineage({ template_id }));

  // Files and partials
  const png = { media_type: 'image/png', base64: 'iVBORw0KGgo=' };
  const asset = await note('assets.put', client.assets.put(png));
  await note('assets.put again', client.assets.put(png));
  await refused('assets.put bad', client.assets.put({ ...png, base64: 'no base64!' }));
  const file = await client.assets.get({ asset_sha256: asset.asset_sha256 });
  transcript['assets.get'] = { bytes: [...new Uint8Array(await file.arrayBuffer())] };
  await note('assets.facts', client.assets.facts({ asset_sha256: asset.asset_sha256 }));
  await refused('assets.facts unknown', client.assets.facts({ asset_sha256: 'b'.repeat(64) }));
  await refused('assets.get unknown', client.assets.get({ asset_sha256: 'b'.repeat(64) }));
  await note('partials.put', client.partials.put({ name: 'tone', text: 'Be brief ✓' }));
  await note('partials.put again', client.partials.put({ name: 'tone', text: 'Be brief ✓' }));
  await refused('partials.put bad', client.partials.put({ name: 'no name', text: '' }));
  await note('partials.list', client.partials.list({ limit: 5 }));
  await note('partials.get', client.partials.get({ name: 'tone' }));
  await refused('partials.get unknown', client.partials.get({ name: 'none' }));
  await note('partials.ofTemplate', client.partials.ofTemplate({ template_id }));

  // Versions
  await note('versions.ensure', client.versions.ensure({ template_id, force: true }));
  await note('versions.list', client.versions.list({ template_id }));
  await refused('versions.ensure unknown', client.versions.ensure({ template_id: 'none' }));
  await note('versions.ofProvider', client.versions.ofProvider({ provider_id: 'practice-openai' }));
  await note(
    'versions.pin',
    client.versions.pin({ template_id, provider_version_key: 'other', note: 'Why ✓' }),
  );
  await refused('versions.pin unknown', client.versions.pin({ template_id: 'x', provider_version_key: 'v' }));
  await refused('versions.pin nothing', client.versions.pin({ template_id, provider_version_key: ' ' }));
  await note('versions.unpin', client.versions.unpin({ template_id, note: 'Any will do' }));
  await note('versions.pins', client.versions.pins({ template_id }));
  await note('versions.drift', client.versions.drift({ template_id, limit: 5 }));
  await refused(
    'versions.driftAnswers unknown',
    client.versions.driftAnswers({ drift_id: 'none', limit: 2 }),
  );

  // Runs
  const variables = { name: 'Ada', list: [1, 2.5, null, { deep: ['x'] }], yes: true, nothing: null };
  await note('runs.compose', client.runs.compose({ template_id, variables, files: 'shortened' }));
  await refused('runs.compose unknown', client.runs.compose({ template_id: 'none' }));
  const run = await note(
    'runs.start',
    client.runs.start({ template_id, variables, idempotency_key: 'run-1' }),
  );
  await note('runs.start replay', client.runs.start({ template_id, variables, idempotency_key: 'run-1' }));
  await refused('runs.start unknown', client.runs.start({ template_id: 'none', variables }));
  await note('runs.stop', client.runs.stop({ run_id: run.run_id }));
  await refused('runs.stop unknown', client.runs.stop({ run_id: 'none' }));
  await note('runs.get', client.runs.get({ run_id: run.run_id }));
  await note('runs.list', client.runs.list({ template_id, limit: 10 }));
  await note(
    'runs.list counted',
    client.runs.list({ from: '2026-01-01T00:00:00Z', counted: 'unpriced', limit: 1 }),
  );
  await note('runs.listOfTemplate', client.runs.listOfTemplate({ template_id }));
  await refused('runs.listOfTemplate unknown', client.runs.listOfTemplate({ template_id: 'none' }));
  const raw = await client.runs.raw({ run_id: run.run_id });
  transcript['runs.raw'] = { type: raw.type, text: new TextDecoder().decode(await raw.arrayBuffer()) };
  await refused('runs.raw unknown', client.runs.raw({ run_id: 'none' }));
  await note('runs.reparse', client.runs.reparse({ run_id: run.run_id }));
  await note('runs.rebuild', client.runs.rebuild({ dry_run: true, template_id }));
  await refused('runs.rebuild bad limit', client.runs.rebuild({ limit: 501 }));
  await refused('runs.reparse unknown', client.runs.reparse({ run_id: 'none' }));
  transcript['runs.stream'] = await streamed(await client.runs.stream({ template_id, variables }));
  await refused('runs.stream unknown', client.runs.stream({ template_id: 'none' }));

  // Review: an answer that is not the JSON that was asked for
  const strict = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };
  const asking = await client.templates.create({ ...draft, name: 'Strict', response_schema: strict });
  const shapeless = await client.runs.start({
    template_id: asking.template_id,
    model_id: 'gpt-4o@invalidjson',
    provider: 'practice-openai',
    variables,
  });
  const { run_id } = shapeless;
  await note('review.list', client.review.list({ template_id: asking.template_id, limit: 5 }));
  await note('review.groups', client.review.groups());
  await note('review.get', client.review.get({ run_id }));
  await refused('review.get unknown', client.review.get({ run_id: 'none' }));
  await note('review.check', client.review.check({ run_id, corrected_text: '{"a":1}' }));
  await refused('review.decide bad', client.review.decide({ run_id, action: 'correct', corrected_json: {} }));
  await refused('review.decide nothing', client.review.decide({ run_id, action: 'accept' }));
  const corrected = { run_id, action: 'correct', corrected_json: { a: '✓' }, reviewed_by: 'Ada' } as const;
  await note('review.decide', client.review.decide(corrected));
  await refused('review.decide again', client.review.decide(corrected));
  await note('review.decideMany', client.review.decideMany({ run_ids: [run_id, 'none'], action: 'accept' }));
  await refused(
    'templates.create bad schema',
    client.templates.create({ ...draft, response_schema: { minimum: 'x' } }),
  );
  await refused(
    'runs.start cannot search',
    client.runs.start({
      template_id,
      variables,
      model_id: 'gpt-4',
      provider: 'practice-openai',
      grounding_mode: 'required',
    }),
  );

  // Batches
  const request = {
    template_id,
    targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }],
    inputs: [{ name: 'Ada' }],
  };
  await note('batches.estimate', client.batches.estimate(request));
  const { batch_id } = await note('batches.start', client.batches.start(request));
  transcript['batches.events'] = await lastProgress(await client.batches.events({ batch_id }));
  await note('batches.get', client.batches.get({ batch_id }));
  await note('batches.list', client.batches.list({ template_id }));
  await note('batches.runs', client.batches.runs({ batch_id, limit: 10 }));
  await note('batches.rows', client.batches.rows({ batch_id, from: 0, count: 5 }));
  await note('batches.summary', client.batches.summary({ batch_id }));
  await refused('batches.summary unknown', client.batches.summary({ batch_id: 'none' }));
  await refused('batches.pause ended', client.batches.pause({ batch_id }));
  await refused('batches.events unknown', client.batches.events({ batch_id: 'none' }));
  await refused('batches.start no targets', client.batches.start({ ...request, targets: [] }));
  await settle('batches.resume', client.batches.resume({ batch_id, retry_unknown: true }));
  await lastProgress(await client.batches.events({ batch_id }));
  await settle('batches.retryFailed', client.batches.retryFailed({ batch_id }));
  await lastProgress(await client.batches.events({ batch_id }));
  await settle('batches.cancel', client.batches.cancel({ batch_id }));

  // Insight: sums of the runs above
  const practice = { simulated: true, from: '2026-11-01', to: '2026-11-02', time_zone: 'Asia/Kolkata' };
  await note('insight.costs', client.insight.costs({ ...practice, stack_by: 'model' }));
  await note('insight.latency', client.insight.latency({ ...practice, group_by: 'template' }));
  await note('insight.errors', client.insight.errors({ ...practice, group_by: 'hour' }));
  await note('insight.tokens', client.insight.tokens({ ...practice, group_by: 'connection' }));
  const { store_bytes, ...storage } = await client.insight.storage({ from: '2026-11-01', to: '2026-11-02' });
  transcript['insight.storage'] = { ...storage, measured: store_bytes > 0 };
  await refused('insight.costs bad zone', client.insight.costs({ time_zone: 'Nowhere/Land' }));
  await refused('insight.costs backwards', client.insight.costs({ from: '2026-11-02', to: '2026-11-01' }));

  await note('insight.setBudget', client.insight.setBudget({ monthly_usd: '25.5' }));
  await note('insight.budgets', client.insight.budgets());
  await refused('insight.setBudget negative', client.insight.setBudget({ monthly_usd: '-1' }));
  // The audit log: salts and times make every log another one, so its form is noted
  const { origin, note: signedNote } = await client.audit.checkpoint();
  transcript['audit.checkpoint'] = { named: signedNote.startsWith(`${origin}\n`) };
  const exported = await client.audit.export();
  const [header = ''] = new TextDecoder().decode(await exported.arrayBuffer()).split('\n');
  transcript['audit.export'] = { type: exported.type, header: Object.keys(JSON.parse(header) as object) };
  const { ok, problems } = await client.audit.verify();
  transcript['audit.verify'] = { ok, problems };
  const verifier = await client.audit.verifier();
  const program = new TextDecoder().decode(await verifier.arrayBuffer());
  transcript['audit.verifier'] = {
    type: verifier.type,
    program: program.startsWith('#!/usr/bin/env python3'),
  };
  let last = '';
  for await (const event of await client.audit.verifyEvents()) last = event.type;
  transcript['audit.verifyEvents'] = last;
  const templates = await client.audit.list({ record_type: 'template', limit: 1 });
  const seq = templates.items[0]?.seq ?? 0;
  transcript['audit.list'] = templates.items.map((entry) => entry.record_type);
  transcript['audit.entry'] = (await client.audit.entry({ seq })).state;
  transcript['audit.proof'] = (await client.audit.proof({ seq })).holds;
  await refused('audit.entry unknown', client.audit.entry({ seq: 1_000_000 }));

  // Sync: off, then with a database that is nowhere
  await note('sync.status', client.sync.status());
  await note('sync.setAside', client.sync.setAside({ limit: 5 }));
  await refused('sync.push off', client.sync.push());
  await refused('sync.pause off', client.sync.pause());
  await refused('sync.resume off', client.sync.resume());
  await refused('sync.retrySetAside off', client.sync.retrySetAside());
  await refused('sync.counts off', client.sync.counts());
  await refused('sync.test off', client.sync.test({}));
  const nowhere = { host: '127.0.0.1', port: 1, database: 'team', user: 'ada', password: 'in it goes' };
  await refused('sync.setConnection unsaid', client.sync.setConnection({ ...nowhere, tls: 'off' }));
  const { ok: connected } = await client.sync.test({ connection: nowhere });
  transcript['sync.test'] = { connected };
  await refused('sync.init nowhere', client.sync.init(nowhere));
  const { configured, database } = await client.sync.setConnection(nowhere);
  transcript['sync.setConnection'] = { configured, database };
  await note('sync.turnOff', client.sync.turnOff());
  // Backups: names, sizes and times differ, what is in them does not
  const { rows, reason } = await client.backups.create();
  transcript['backups.create'] = { tables: Object.keys(rows).length > 0, reason };
  const { items, running } = await client.backups.list();
  transcript['backups.list'] = { listed: items.length, running };

  // What changes, and the end
  await note('templates.archive', client.templates.archive({ template_id }));
  const changes = await client.system.changes();
  const first = changes.next();
  await note('system.installSample', client.system.installSample());
  transcript['system.changes'] = Object.keys((await first).value ?? {}).toSorted();
  await changes.return?.();
  await note('system.dismissSample', client.system.dismissSample());
  const { sample_offered, probes_enabled, keychain } = await client.system.status();
  transcript['system.status'] = { sample_offered, probes_enabled, keychain };
  return transcript;

  /** Whether this is allowed in this state is the core's matter; that all transports say the same is ours. */
  async function settle(title: string, call: Promise<{ batch_id: string }>): Promise<void> {
    transcript[title] = await call.then(
      // How far it has got by now is a matter of time.
      (batch) => ({ allowed: batch.batch_id }),
      (error: unknown) =>
        error instanceof ORPCError
          ? { code: error.code, data: error.data }
          : { notAnRpcError: String(error) },
    );
  }
}

/** How a text was cut into deltas is the socket's matter: they are joined. */
async function streamed(
  events: AsyncIterable<
    { type: 'delta'; text: string } | { type: 'started' | 'retry' } | { type: 'run'; run: unknown }
  >,
): Promise<unknown> {
  let text = '';
  const runs: unknown[] = [];
  for await (const event of events) {
    if (event.type === 'delta') text += event.text;
    else if (event.type === 'run') runs.push(event.run);
  }
  return { text, runs };
}

/** How often progress is told depends on timing; how it ends does not. */
async function lastProgress(events: AsyncIterable<{ type: string }>): Promise<unknown> {
  let last: unknown;
  for await (const event of events) if (event.type === 'progress') last = event;
  return last;
}
