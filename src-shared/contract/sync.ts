import * as z from 'zod';
import { secretSchema, timestampSchema, strictObject } from '../domain';
import { route } from './base';

const tag = 'sync';

/** What a person says, word for word, before anything goes to a server that is not verified. */
export const TLS_SENTENCES = {
  unverified: 'I accept that the server is not verified.',
  off: 'I accept that everything is sent unencrypted.',
} as const;

const tlsSchema = z.enum(['verify', 'unverified', 'off']);
export type TeamTls = z.infer<typeof tlsSchema>;

const placeSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  database: z.string(),
  user: z.string(),
  tls: tlsSchema,
});

/** An address as it is given; in the database's own limits (a PostgreSQL name has 63 bytes at most). */
const addressShape = {
  host: z.string().trim().min(1).max(255),
  port: z.number().int().min(1).max(65_535).default(5432),
  database: z.string().trim().min(1).max(63),
  user: z.string().trim().min(1).max(63),
  tls: tlsSchema.default('verify'),
  tls_acknowledgement: z
    .string()
    .max(200)
    .nullish()
    .describe(`Unless tls is "verify": "${TLS_SENTENCES.unverified}" or "${TLS_SENTENCES.off}"`),
  ca: z
    .string()
    .max(200_000)
    .nullish()
    .describe('The CA certificate (PEM) that signed the server’s, if it is not a public one'),
};

interface SaysTls {
  readonly tls: TeamTls;
  readonly tls_acknowledgement?: string | null | undefined;
}

/** Less than a verified server is a decision that nobody makes by a wrong click or a copied line. */
function tlsIsMeant({ tls, tls_acknowledgement }: SaysTls, context: z.RefinementCtx): void {
  if (tls === 'verify' || tls_acknowledgement === TLS_SENTENCES[tls]) return;
  context.addIssue({
    code: 'custom',
    path: ['tls_acknowledgement'],
    message: `To continue without a verified server, write: ${TLS_SENTENCES[tls]}`,
  });
}

/** Without a password, the stored one is meant: it is used for the server and user it was given for, and no other. */
const connectionInput = strictObject({ ...addressShape, password: secretSchema.nullish() }).superRefine(
  tlsIsMeant,
);
const adminInput = strictObject({ ...addressShape, password: secretSchema }).superRefine(tlsIsMeant);
export type TeamConnectionInput = z.input<typeof connectionInput>;
export type TeamAdminInput = z.input<typeof adminInput>;

const statusSchema = z.object({
  configured: z.boolean(),
  /** Who says which database: the settings, or PROMPTER_DATABASE_URL, which is never stored. */
  source: z.enum(['settings', 'environment']).nullable(),
  database: placeSchema.nullable(),
  password: z.enum(['stored', 'session', 'environment', 'missing']),
  state: z.enum(['off', 'idle', 'pushing', 'waiting', 'paused', 'failing']),
  /** Records that are not at the team's database yet. */
  waiting: z.number().int(),
  pushed: z.number().int(),
  /** Records that the database refused; they block no others. */
  set_aside: z.number().int(),
  last_push_at: timestampSchema.nullable(),
  last_error: z.string().nullable(),
  next_try_at: timestampSchema.nullable(),
});
export type SyncStatus = z.infer<typeof statusSchema>;

export const SYNC_STEPS = ['name', 'network', 'tls', 'password', 'schema', 'role'] as const;

const testSchema = z.object({
  ok: z.boolean(),
  /** What worked, in order; the first one missing is what failed. */
  reached: z.enum(SYNC_STEPS).array(),
  problem: z
    .enum([
      'name_not_found',
      'unreachable',
      'tls_unavailable',
      'tls_not_verified',
      'password_missing',
      'password_refused',
      'database_missing',
      'schema_missing',
      'schema_from_future',
      'version_too_old',
      'read_only',
      'role_wrong',
      'other',
    ])
    .nullable(),
  message: z.string(),
  server_version: z.string().nullable(),
  schema_version: z.number().int().nullable(),
});
export type SyncTest = z.infer<typeof testSchema>;

const setAsideSchema = z.object({
  record_type: z.string(),
  record_id: z.string(),
  reason: z.string(),
  since: timestampSchema,
});

const countSchema = z.object({
  record_type: z.string(),
  local: z.number().int(),
  remote: z.number().int(),
});
export type SyncCount = z.infer<typeof countSchema>;

export const syncContract = {
  status: route('GET', '/sync/status', {
    summary: 'The team database, and what is waiting to be pushed',
    tag,
  }).output(statusSchema),
  /** Also while paused. @throws SYNC_STATE where it is off, TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, CANCELLED */
  push: route('POST', '/sync/push', { summary: 'Push waiting records now', tag }).output(
    z.object({ pushed: z.number().int(), waiting: z.number().int(), set_aside: z.number().int() }),
  ),
  pause: route('POST', '/sync/pause', { summary: 'Pause pushing', tag }).output(statusSchema),
  resume: route('POST', '/sync/resume', { summary: 'Resume pushing', tag }).output(statusSchema),
  setAside: route('GET', '/sync/set-aside', { summary: 'Records that the database refused', tag })
    .input(strictObject({ limit: z.number().int().min(1).max(500).default(100) }))
    .output(z.object({ items: setAsideSchema.array() })),
  retrySetAside: route('POST', '/sync/retry-set-aside', {
    summary: 'Queue refused records for the next push',
    tag,
  }).output(z.object({ retried: z.number().int() })),
  /** @throws as `push` */
  counts: route('GET', '/sync/counts', {
    summary: 'Records of each kind, here and in the team database',
    tag,
  }).output(z.object({ items: countSchema.array() })),
  /** @throws SYNC_STATE where no values are given and none are stored */
  test: route('POST', '/sync/test', {
    summary: 'Test the connection with these values, or with the stored ones; changes nothing',
    tag,
  })
    .input(strictObject({ connection: connectionInput.optional() }))
    .output(testSchema),
  /** @throws VALIDATION_FAILED, KEYCHAIN_UNAVAILABLE, SYNC_STATE under PROMPTER_DATABASE_URL */
  setConnection: route('PUT', '/sync/connection', {
    summary: 'Use this team database; the password goes into the keychain',
    tag,
  })
    .input(connectionInput)
    .output(statusSchema),
  turnOff: route('DELETE', '/sync/connection', {
    summary: 'Disconnect from the team database; nothing is deleted there',
    tag,
  }).output(statusSchema),
  /** @throws TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, MIGRATION_CHANGED, KEYCHAIN_UNAVAILABLE */
  init: route('POST', '/sync/init', {
    summary: 'Create the schema and a role for this machine with an administrator’s account, used once',
    tag,
  })
    .input(adminInput)
    .output(
      z.object({
        /** The migrations that were applied now. */
        applied: z.string().array(),
        role: z.string(),
        status: statusSchema,
      }),
    ),
};
