import { v7 } from 'uuid';
import type { Clock, Ids } from '../ports';

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** RFC 9562, version 7: ids of one process sort in order of creation. */
export const uuidIds: Ids = { uuid: () => v7() };
