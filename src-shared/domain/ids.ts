import * as z from 'zod';

/** The organisation and workspace of a store that belongs to one person. */
export const DEFAULT_ORG_ID = 'default';
export const DEFAULT_WORKSPACE_ID = 'default';

export const idSchema = z.string().min(1).max(200);
/** UTC ISO 8601 with milliseconds. */
export const timestampSchema = z.string();
/** A time in a question, of any offset. Stored times are compared with it as text, so it becomes what they are. */
export const timeSchema = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());
/** 64 lower-case hex digits. */
export const sha256Schema = z.string();
