import * as z from 'zod';

/** Messages from the core process to the main process. Procedure calls bypass the latter, on message ports. */
export const coreMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type CoreMessage = z.infer<typeof coreMessageSchema>;

/** Messages from the main process to the core process. The contract is served on a port that comes with one. */
export const hostMessageSchema = z.object({ type: z.enum(['connect', 'close']) });
export type HostMessage = z.infer<typeof hostMessageSchema>;
