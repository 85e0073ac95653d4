import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/contract';
import type { Core } from '../../src-main/ports';
import { AppError, type JsonObject } from '../../src-shared/domain';
import { createFakeCore } from './fake-core';
import { openTestCore } from './test-core';
import { scenario, type Transcript } from './scenario';
import { comparable } from './transcript';
import { TRANSPORTS, type Transport } from './transports';

const PROCEDURES = Object.entries(contract).flatMap(([area, procedures]) =>
  Object.keys(procedures).map((name) => `${area}.${name}`),
);

let reference: Transcript;
beforeAll(async () => {
  reference = await transcriptOver('in process');
});

async function transcriptOver(name: string): Promise<Transcript> {
  const real = await openTestCore();
  const transport = await TRANSPORTS[name]?.(real.core);
  if (!transport) throw new Error(`No transport ${name}`);
  const transcript = await scenario(transport.client);
  await transport.close();
  await real.close();
  return transcript;
}

test('the scenario uses every procedure of the contract', () => {
  const used = new Set(Object.keys(reference).map((title) => title.split(' ', 1)[0]));
  expect(PROCEDURES.filter((name) => !used.has(name))).toEqual([]);
  expect([...used].filter((name) => !PROCEDURES.includes(name ?? ''))).toEqual([]);
});

test('in process, good calls succeed and bad ones are refused with their codes', () => {
  expect(JSON.stringify(reference)).not.toMatch(/notRefused|notAnRpcError|INTERNAL_SERVER_ERROR/);
  const codes = Object.fromEntries(
    Object.entries(reference).flatMap(([title, value]) =>
      typeof value === 'object' && value !== null && 'code' in value && 'status' in value
        ? [[title, `${String(value.status)} ${String(value.code)}`]]
        : [],
    ),
  );
  expect(codes).toEqual({
    'assets.facts unknown': '404 NOT_FOUND',
    'assets.get unknown': '404 NOT_FOUND',
    'assets.put bad': '422 VALIDATION_FAILED',
    'audit.entry unknown': '404 NOT_FOUND',
    'partials.get unknown': '404 NOT_FOUND',
    'partials.put bad': '422 VALIDATION_FAILED',
    'connections.create taken': '409 CONNECTION_NAME_TAKEN',
    'connections.create bad name': '422 VALIDATION_FAILED',
    'connections.test unknown': '404 NOT_FOUND',
    'prompts.list bad order': '422 VALIDATION_FAILED',
    'prompts.byName unknown': '404 NOT_FOUND',
    'prompts.byName inactive': '409 PROMPT_INACTIVE',
    'templates.removeLabel protected': '409 APPROVAL_REQUIRED',
    'prompts.decideLabel same person': '409 APPROVAL_STATE',
    'templates.create duplicate': '409 TEMPLATE_DUPLICATE',
    'templates.create invalid': '422 VALIDATION_FAILED',
    'templates.list bad limit': '422 VALIDATION_FAILED',
    'templates.get unknown': '404 NOT_FOUND',
    'templates.removeLabel gone': '404 NOT_FOUND',
    'templates.render missing': '422 MISSING_VARIABLE',
    'templates.setLabel bad': '422 VALIDATION_FAILED',
    'versions.driftAnswers unknown': '404 NOT_FOUND',
    'versions.ensure unknown': '404 NOT_FOUND',
    'versions.pin unknown': '404 NOT_FOUND',
    'versions.pin nothing': '422 VALIDATION_FAILED',
    'runs.compose unknown': '404 NOT_FOUND',
    'runs.start unknown': '404 NOT_FOUND',
    'insight.costs backwards': '422 VALIDATION_FAILED',
    'insight.costs bad zone': '422 VALIDATION_FAILED',
    'insight.setBudget negative': '422 VALIDATION_FAILED',
    'runs.listOfTemplate unknown': '404 NOT_FOUND',
    'runs.raw unknown': '404 NOT_FOUND',
    'runs.stream unknown': '404 NOT_FOUND',
    'runs.rebuild bad limit': '422 VALIDATION_FAILED',
    'runs.reparse unknown': '404 NOT_FOUND',
    'runs.stop unknown': '404 NOT_FOUND',
    'runs.start cannot search': '422 GROUNDING_UNSUPPORTED',
    'review.get unknown': '404 NOT_FOUND',
    'review.decide bad': '422 VALIDATION_FAILED',
    'review.decide nothing': '409 REVIEW_STATE',
    'review.decide again': '409 REVIEW_STATE',
    'templates.create bad schema': '422 VALIDATION_FAILED',
    'batches.pause ended': '409 BATCH_STATE',
    'batches.summary unknown': '404 NOT_FOUND',
    'batches.events unknown': '404 NOT_FOUND',
    'batches.start no targets': '422 VALIDATION_FAILED',
    'sync.push off': '409 SYNC_STATE',
    'sync.pause off': '409 SYNC_STATE',
    'sync.resume off': '409 SYNC_STATE',
    'sync.retrySetAside off': '409 SYNC_STATE',
    'sync.counts off': '409 SYNC_STATE',
    'sync.test off': '409 SYNC_STATE',
    'sync.setConnection unsaid': '422 VALIDATION_FAILED',
    'sync.init nowhere': '502 TEAM_UNREACHABLE',
  });
});

describe.each(Object.keys(TRANSPORTS).filter((name) => name !== 'in process'))('over %s', (name) => {
  test('every procedure answers and refuses as it does in process', async () => {
    expect(comparable(await transcriptOver(name))).toEqual(comparable(reference));
  });
});

describe.each(Object.keys(TRANSPORTS))('a stream over %s', (name) => {
  const core = createFakeCore();
  let transport: Transport | undefined;
  beforeAll(async () => {
    transport = await TRANSPORTS[name]?.(core);
  });
  afterAll(() => transport?.close());

  test('ends in the core when its reader stops', async () => {
    const controller = new AbortController();
    const changes = await transport?.client.system.changes(undefined, { signal: controller.signal });
    expect((await changes?.next())?.done).toBe(false);
    expect(core.streamSignals.map((signal) => signal.aborted)).toEqual([false]);
    controller.abort();
    await expect.poll(() => core.streamSignals.map((signal) => signal.aborted)).toEqual([true]);
  });
});

test.each(Object.keys(TRANSPORTS))('a service is told when its caller gives up, over %s', async (name) => {
  const core = createFakeCore();
  const given: AbortSignal[] = [];
  const push: Core['sync']['push'] = (_, call) =>
    new Promise((_resolve, reject) => {
      if (call?.signal === undefined) return reject(new Error('the call has no signal'));
      given.push(call.signal);
      call.signal.addEventListener('abort', () => reject(new AppError('CANCELLED', 'Given up.')));
    });
  const transport = await TRANSPORTS[name]?.({ ...core, sync: { ...core.sync, push } });
  const caller = new AbortController();
  const pushing = transport?.client.sync.push(undefined, { signal: caller.signal });
  const refused = expect(pushing).rejects.toThrow();
  await expect.poll(() => given.map(({ aborted }) => aborted)).toEqual([false]);
  caller.abort();
  await refused;
  await expect.poll(() => given.map(({ aborted }) => aborted)).toEqual([true]);
  await transport?.close();
});

test.each(Object.keys(TRANSPORTS))('a name that objects give a meaning is data over %s', async (name) => {
  const real = await openTestCore();
  const transport = await TRANSPORTS[name]?.(real.core);
  const text = '{"__proto__":{"a":[1,{"__proto__":null}]},"constructor":{"__proto__":2},"toJSON":"x"}';
  const inference_params = JSON.parse(text) as JsonObject;
  const input = { name: 'n', model_id: 'm', user_prompt_template: '{{ v }}', inference_params };
  const created = await transport?.client.templates.create(input);
  expect(JSON.stringify(created?.inference_params)).toBe(text);
  const { template_id = '' } = created ?? {};
  const rendered = await transport?.client.templates.render({
    template_id,
    variables: { v: inference_params },
  });
  expect(rendered?.user).toBe(text);
  await transport?.close();
  await real.close();
});
