import { expect, test } from 'vitest';
import * as z from 'zod';
import type { AnyContractProcedure } from '@orpc/contract';
import { contract } from '../../src-shared/contract';
import { openApiDocument } from '../../src-main/hosts/http/openapi-document';

// The parts of OpenAPI 3.1 that the document uses, strictly: a misspelt or misplaced field is refused.
const schemaSchema = z.record(z.string(), z.unknown());
const content = z.record(z.string().regex(/^[\w*]+\/[\w*.+-]+$/), z.strictObject({ schema: schemaSchema }));
const responseSchema = z.strictObject({ description: z.string().min(1), content: content.optional() });
const operationSchema = z.strictObject({
  operationId: z.string(),
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: schemaSchema,
        allowEmptyValue: z.boolean().optional(),
        allowReserved: z.boolean().optional(),
      }),
    )
    .default([]),
  requestBody: z.strictObject({ required: z.boolean().optional(), content }).optional(),
  responses: z.record(z.string().regex(/^(\d{3}|default)$/), responseSchema),
});
const documentSchema = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.strictObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.strictObject({ url: z.url() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  components: z.strictObject({
    securitySchemes: z.strictObject({
      token: z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer') }),
    }),
    schemas: z.record(z.string(), schemaSchema),
  }),
  paths: z.record(
    z.string().startsWith('/v1/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'delete']), operationSchema),
  ),
});

const document = documentSchema.parse(
  JSON.parse(JSON.stringify(await openApiDocument('1.2.3', 'http://127.0.0.1:1'))),
);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })),
);
const procedures = Object.values(contract).flatMap((area) => Object.values<AnyContractProcedure>(area));

test('every route of the contract is in it, with its own statuses, and nothing else', () => {
  const routes = procedures.map((procedure) => {
    const { method, path, successStatus } = procedure['~orpc'].route;
    return `${method?.toLowerCase()} /v1${path} ${successStatus}`;
  });
  const described = operations.map(
    ({ method, path, responses }) =>
      `${method} ${path} ${Object.keys(responses).findLast((status) => status !== 'default')}`,
  );
  expect(described.toSorted()).toEqual(routes.toSorted());
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test('only health needs no token', () => {
  expect(document.security).toEqual([{ token: [] }]);
  const open = operations.filter(({ security }) => security !== undefined);
  expect(open.map(({ path, security }) => [path, security])).toEqual([['/v1/health', []]]);
});

test('parameters of a path are all there and needed', () => {
  for (const { path, parameters } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const given = parameters.filter((one) => one.in === 'path');
    expect(given.map(({ name }) => name)).toEqual(named);
    expect(given.every(({ required }) => required === true)).toBe(true);
  }
});

test('every body and answer says what it holds', () => {
  const isEmpty = (schema: Record<string, unknown>) => Object.keys(schema).length === 0;
  const bare = operations.flatMap(({ operationId, method, requestBody, responses }) => {
    const bodies = Object.values(requestBody?.content ?? {});
    const answers = Object.values(responses).flatMap(({ content: held = {} }) => Object.values(held));
    const silent = Object.values(responses).some(({ content: held = {} }) => Object.keys(held).length === 0);
    const empty = [...bodies, ...answers].some(({ schema }) => isEmpty(schema));
    return silent || empty || (method === 'get' && requestBody !== undefined) ? [operationId] : [];
  });
  expect(bare).toEqual([]);
  for (const { responses } of operations) {
    expect(responses['default']?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Error',
    });
  }
});

test('no schema forbids every value, and objects say that they are objects', () => {
  const json = JSON.stringify(document);
  expect(json).not.toContain('"not":{}');
  const create = operations.find(({ operationId }) => operationId === 'templates.create');
  expect(create?.requestBody?.content['application/json']?.schema).toMatchObject({
    type: 'object',
    properties: { inference_params: { anyOf: [{ type: 'object' }, { type: 'null' }] } },
  });
  const untyped: string[] = [];
  const look = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('properties' in value && !('type' in value) && !at.endsWith('/properties')) untyped.push(at);
    for (const [key, inner] of Object.entries(value)) look(inner, `${at}/${key}`);
  };
  look(document.paths, '');
  expect(untyped).toEqual([]);
});

test('references lead somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to ?? '');
  for (const reference of references) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? '';
    expect(document.components.schemas).toHaveProperty(name);
  }
});

test('what an Idempotency-Key does is described where it does something', () => {
  const idempotent = operations.filter(({ parameters }) =>
    parameters.some(({ name }) => name === 'Idempotency-Key'),
  );
  expect(idempotent.map(({ operationId }) => operationId)).toEqual([
    'templates.create',
    'runs.start',
    'runs.stream',
  ]);
  for (const { responses } of idempotent) expect(responses).toHaveProperty('200');
});
