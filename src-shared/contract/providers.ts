import * as z from 'zod';
import {
  connectionChangeSchema,
  connectionSchema,
  connectionTestSchema,
  dialectChangeSchema,
  idSchema,
  listedModelSchema,
  newConnectionSchema,
  providerSchema,
  secretSchema,
  strictObject,
} from '../domain';
import { route } from './base';

const connectionIdInput = strictObject({ connection_id: idSchema });

export const providersContract = {
  list: route('GET', '/providers', { summary: 'Providers', tag: 'providers' }).output(
    z.object({ items: z.array(providerSchema) }),
  ),
  /** Through the provider's default connection. @throws NOT_FOUND, NO_CONNECTION, PROVIDER_FAILURE */
  models: route('GET', '/providers/{provider_id}/models', {
    summary: "A provider's models, cached",
    tag: 'providers',
  })
    .input(strictObject({ provider_id: idSchema, refresh: z.boolean().default(false) }))
    .output(z.object({ items: z.array(listedModelSchema), fetched_at: z.string() })),
};

export const connectionsContract = {
  list: route('GET', '/connections', {
    summary: 'Connections, without their secrets',
    tag: 'connections',
  }).output(z.object({ items: z.array(connectionSchema) })),
  /** @throws PROVIDER_UNKNOWN, VALIDATION_FAILED, CONNECTION_NAME_TAKEN, KEYCHAIN_UNAVAILABLE with a hint */
  create: route('POST', '/connections', {
    summary: 'Create a connection; its secret goes into the keychain',
    tag: 'connections',
    successStatus: 201,
  })
    .input(newConnectionSchema)
    .output(connectionSchema),
  /** @throws NOT_FOUND, NO_CONNECTION, VALIDATION_FAILED, CONNECTION_NAME_TAKEN, KEYCHAIN_UNAVAILABLE with a hint */
  update: route('PUT', '/connections/{connection_id}', {
    summary:
      'Change a connection; its runs keep what they recorded. A stored key is never sent to a different server: include its key',
    tag: 'connections',
  })
    .input(connectionChangeSchema.extend({ connection_id: idSchema }))
    .output(connectionSchema),
  test: route('POST', '/connections/{connection_id}/test', {
    summary:
      'Reach the provider, check the key, list the models; unless calls is false, up to 5 short calls find what a server of your own understands',
    tag: 'connections',
  })
    .input(
      connectionIdInput.extend({
        /** False sends nothing that a provider could bill. */
        calls: z.boolean().default(true),
        /** The model to call; by default one that answered before, else one of the list. */
        model_id: idSchema.optional(),
      }),
    )
    .output(connectionTestSchema),
  setSecret: route('PUT', '/connections/{connection_id}/secret', {
    summary: 'Replace the secret of a connection',
    tag: 'connections',
  })
    .input(strictObject({ connection_id: idSchema, secret: secretSchema }))
    .output(connectionSchema),
  setDialect: route('PUT', '/connections/{connection_id}/dialect', {
    summary: 'Say what the server of a connection understands; null goes by what its test found',
    tag: 'connections',
  })
    .input(dialectChangeSchema.extend({ connection_id: idSchema }))
    .output(connectionSchema),
  archive: route('POST', '/connections/{connection_id}/archive', {
    summary: 'Remove a connection and its secret; its runs are kept',
    tag: 'connections',
  })
    .input(connectionIdInput)
    .output(connectionSchema),
  /** @throws PROVIDER_FAILURE with the failure, CREDENTIAL_MISSING */
  models: route('GET', '/connections/{connection_id}/models', {
    summary: 'Models reached through a connection, cached',
    tag: 'connections',
  })
    .input(connectionIdInput.extend({ refresh: z.boolean().default(false) }))
    .output(z.object({ items: z.array(listedModelSchema), fetched_at: z.string() })),
};
