import * as z from 'zod';
import { getSetting, lastLeafSeq, putSetting, type Store } from '../store';
import type { Sealing } from './keys';

const SPANS = 'audit.unsealed';
const spansSchema = z.object({ from: z.number(), to: z.number().nullable() }).array();
/** Entries whose records carry no HMAC, from the first to the last; the last is null while it goes on. */
export type UnsealedSpan = z.infer<typeof spansSchema>[number];

/** Remembers which stretches of the log were written without a key, so that nobody has to look through all records. */
export function trackUnsealed(store: Store, sealing: Sealing) {
  const read = (): UnsealedSpan[] => spansSchema.parse(JSON.parse(getSetting(store.read, SPANS) ?? '[]'));
  /** To be called when the key is there, and when it is known that there is none. */
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
    /** Without one that is open and empty. */
    spans: () => read().filter(({ from }) => from <= lastLeafSeq(store.read)),
  };
}
