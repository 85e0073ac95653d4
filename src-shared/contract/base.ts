import { oc } from '@orpc/contract';
import * as z from 'zod';
import { idSchema, strictObject } from '../domain';

/** The one seam through which procedures get their HTTP route. */
export function route(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: `/${string}`,
  options: { summary: string; tag: string; successStatus?: number },
) {
  return oc.route({
    method,
    path,
    summary: options.summary,
    tags: [options.tag],
    successStatus: options.successStatus ?? 200,
  });
}

/** An opaque place in a list: give back what `next_cursor` said. */
const cursorSchema = z.string().max(2000);
export const pageInput = {
  cursor: cursorSchema.optional(),
  limit: z.number().int().min(1).max(500).default(50),
};

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: cursorSchema.nullable() });
}
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export const templateIdInput = strictObject({ template_id: idSchema });

/** Bytes with a media type. The platform's Blob, described by shape because this folder has no DOM and no Node types. */
export interface BinaryBody {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Piece by piece: it can be larger than memory. */
  stream(): AsyncIterable<Uint8Array>;
}
export const binaryBodySchema = z.custom<BinaryBody>(
  (value) => typeof value === 'object' && value !== null && 'arrayBuffer' in value && 'size' in value,
);
