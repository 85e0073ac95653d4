import * as z from 'zod';
import { getSetting, lastLeafSeq, putSetting, type Store } from '../store';
import type { Sealing } from './keys';

const SPANS = 'audit.unsealed';
const spansSchema = z.object({ from: z.number(), to: z.number().nullable() }).array();
/** A range of entries whose records carry no HMAC; its end is null while it is still growing. */
export type UnsealedSpan = z.infer<typeof spansSchema>[number];

/** Tracks which stretches of the log were written without a key, so that nobody has to scan all records. */
export function trackUnsealed(store: Store, sealing: Sealing) {
  const read = (): UnsealedSpan[] => spansSchema.parse(JSON.parse(getSetting(store.read, SPANS) ?? '[]'));
  /** Call when the key arrives, and when it turns out that there is none. */
  const update = (): void => {
    const spans = read();
    const open = spans.at(-1)?.to === null ? spans.pop() : undefined;
    const last = lastLeafSeq(store.read);
    const next = [...spans];
    if (sealing.current() === null) next.push(open ?? { from: last + 1, to: null });
    else if (open && open.from <= last) next.push({ ...open, to: last });
    const text = JSON.stringify(next);
    if (text === (getSetting(store.read, SPANS) ?? '[]')) return;
    store.write((tx) => putSetting(tx, SPANS, text));
  };
  return {
    update,
    /** Leaves out an open range that has no entries yet. */
    spans: () => read().filter(({ from }) => from <= lastLeafSeq(store.read)),
  };
}
