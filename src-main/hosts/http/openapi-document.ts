import { oc } from '@orpc/contract';
import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from '../../../src-shared/contract';
import { API_PREFIX } from './procedures';

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

/** The loopback API described for programs, made from the contract. */
export async function openApiDocument(version: string, url: string): Promise<Record<string, unknown>> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
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
    for (const operation of [item?.get, item?.post, item?.put]) {
      if (operation === undefined) continue;
      operation.responses = { ...operation.responses, default: ERROR_RESPONSE };
      if (path === `${API_PREFIX}/health`) operation.security = [];
    }
  }
  return { ...document };
}
