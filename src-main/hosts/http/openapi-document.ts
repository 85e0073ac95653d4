import { oc } from '@orpc/contract';
import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi';
import { contract } from '../../../src-shared/contract';
import { API_PREFIX } from './contract-paths';
import { schemaConverter } from './json-schema';

const ERROR_SCHEMA: OpenAPI.SchemaObject = {
  type: 'object',
  required: ['code', 'status', 'message', 'data'],
  properties: {
    code: { type: 'string' },
    status: { type: 'integer' },
    message: { type: 'string' },
    data: {},
  },
};

const ERROR_RESPONSE = {
  description: 'Refused or failed; `code` says why.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
} as const;

const IDEMPOTENCY_KEY: OpenAPI.ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Repeating a key returns what the first request created.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** Operations that accept an `Idempotency-Key`; they answer 200 instead of 201 if it was used before. */
const IDEMPOTENT = new Set(['templates.create', 'runs.start', 'runs.stream']);

/** Describes the loopback API for programs; generated from the contract. */
export async function openApiDocument(version: string, url: string): Promise<Record<string, unknown>> {
  const generator = new OpenAPIGenerator({ schemaConverters: [schemaConverter] });
  const document = await generator.generate(oc.prefix(API_PREFIX).router(contract), {
    info: { title: 'Prompter', version },
    servers: [{ url }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: ERROR_SCHEMA },
    },
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const operation of [item?.get, item?.post, item?.put, item?.delete]) {
      if (operation !== undefined) complete(path, operation);
    }
  }
  return { ...document };
}

function jsonOf(body: OpenAPI.OperationObject['requestBody']): Record<string, OpenAPI.MediaTypeObject> {
  const json = body !== undefined && 'content' in body ? body.content['application/json'] : undefined;
  return json === undefined ? {} : { 'application/json': json };
}

/** Adds what the host wraps around every procedure. */
function complete(path: string, operation: OpenAPI.OperationObject): void {
  const { responses = {}, operationId = '' } = operation;
  operation.responses = { ...responses, default: ERROR_RESPONSE };
  if (path === `${API_PREFIX}/health`) operation.security = [];
  if (operationId === 'runs.raw') {
    operation.responses['200'] = {
      description: "The provider's bytes, exactly",
      content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
    };
  }
  if (operationId === 'assets.put') {
    // Its bytes; or, as JSON, its media type and its bytes in Base64.
    operation.requestBody = {
      required: true,
      content: { ...jsonOf(operation.requestBody), '*/*': { schema: { type: 'string', format: 'binary' } } },
    };
  }
  if (operationId === 'assets.get') {
    operation.responses['200'] = {
      description: "The file's bytes, exactly",
      content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
    };
  }
  if (operationId === 'audit.export') {
    operation.responses['200'] = {
      description: 'Header, checkpoints and entries, one JSON document a line',
      content: { 'application/jsonl': { schema: { type: 'string' } } },
    };
  }
  if (operationId === 'audit.verifier') {
    operation.responses['200'] = {
      description: 'A Python program',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    };
  }
  if (!IDEMPOTENT.has(operationId)) return;
  operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  const created = responses['201'];
  if (created !== undefined) {
    operation.responses['200'] = { ...created, description: 'What an earlier request with this key created' };
  }
}
