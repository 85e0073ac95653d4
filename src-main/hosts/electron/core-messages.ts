import * as z from 'zod';

/** What the core process tells the main process; the calls themselves go over message ports past it. */
export const coreMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type CoreMessage = z.infer<typeof coreMessageSchema>;

/** What the main process tells the core process. A message with a port serves the contract on it. */
export const hostMessageSchema = z.object({ type: z.enum(['connect', 'close']) });
export type HostMessage = z.infer<typeof hostMessageSchema>;
