import { toMicrosecond } from '../../../src-shared/domain';

/**
 * Latencies in logarithmic buckets 2 % wide: a quantile read from them is within 1 % of the exact nearest rank. Encoded
 * as pairs of varints (bucket, count) in any order, so that concatenated encodings are their sum. An encoding never
 * contains a zero byte.
 */
export interface Histogram {
  readonly counts: Uint32Array;
  /**
   * Only buckets from `low` up to, but excluding, `high` can be non-zero: a year's chart adds and reads thousands of
   * these.
   */
  low: number;
  high: number;
}

const LOG_WIDTH = Math.log(1.02);
/** Bucket 1; no answer is faster. */
const MIN_MS = 0.01;
const OFFSET = 1 - Math.floor(Math.log(MIN_MS) / LOG_WIDTH);
/** Reaches eleven days, for latencies of at most hours. */
const BUCKETS = 1280;

export function emptyHistogram(): Histogram {
  return { counts: new Uint32Array(BUCKETS), low: BUCKETS, high: 0 };
}

export function bucketOf(milliseconds: number): number {
  const bucket = Math.floor(Math.log(Math.max(milliseconds, MIN_MS)) / LOG_WIDTH) + OFFSET;
  return Math.min(bucket, BUCKETS - 1);
}

/** Counts one latency, or removes it. */
export function countLatency(histogram: Histogram, milliseconds: number, by: 1 | -1): void {
  const bucket = bucketOf(milliseconds);
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + by;
  if (bucket < histogram.low) histogram.low = bucket;
  if (bucket >= histogram.high) histogram.high = bucket + 1;
}

/** The geometric middle of a bucket: at most 1 % from either end. */
function valueOf(bucket: number): number {
  return Math.exp((bucket - OFFSET + 0.5) * LOG_WIDTH);
}

/** Non-empty buckets only, used while collecting. */
export type SparseHistogram = Map<number, number>;

export function addToBucket(histogram: SparseHistogram, bucket: number, count: number): void {
  const sum = (histogram.get(bucket) ?? 0) + count;
  if (sum === 0) histogram.delete(bucket);
  else histogram.set(bucket, sum);
}

export function encodeHistogram(histogram: SparseHistogram): Uint8Array {
  const bytes: number[] = [];
  for (const [bucket, count] of histogram) {
    pushVarint(bytes, bucket);
    pushVarint(bytes, count);
  }
  return Uint8Array.from(bytes);
}

/** Adds one encoding, or several concatenated ones. */
export function addEncoded(histogram: Histogram, bytes: Uint8Array): void {
  const { counts } = histogram;
  let { low, high } = histogram;
  eachPair(bytes, (bucket, count) => {
    counts[bucket] = (counts[bucket] ?? 0) + count;
    if (bucket < low) low = bucket;
    if (bucket >= high) high = bucket + 1;
  });
  histogram.low = low;
  histogram.high = high;
}

/** Adds a histogram, or subtracts one that is part of the sum. */
export function addHistogram(to: Histogram, { counts, low, high }: Histogram, sign: 1 | -1): void {
  for (let bucket = low; bucket < high; bucket += 1) {
    to.counts[bucket] = (to.counts[bucket] ?? 0) + sign * (counts[bucket] ?? 0);
  }
  if (low < to.low) to.low = low;
  if (high > to.high) to.high = high;
}

export function addEncodedSparse(histogram: SparseHistogram, bytes: Uint8Array): void {
  eachPair(bytes, (bucket, count) => addToBucket(histogram, bucket, count));
}

function eachPair(bytes: Uint8Array, take: (bucket: number, count: number) => void): void {
  let bucket = -1;
  let value = 0;
  let unit = 1;
  // One flat loop: a busy month's chart reads a million pairs.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte >= 0x80) {
      unit *= 0x80;
      continue;
    }
    if (bucket < 0) bucket = value;
    else {
      take(bucket, value);
      bucket = -1;
    }
    value = 0;
    unit = 1;
  }
}

/** The nearest-rank quantile in milliseconds, within 1 %; null for an empty histogram. */
export function quantileOf(histogram: Histogram, quantile: number): number | null {
  const { counts, low, high } = histogram;
  let rank = Math.max(1, Math.ceil(quantile * countOf(histogram)));
  for (let bucket = low; bucket < high; bucket += 1) {
    rank -= counts[bucket] ?? 0;
    if (rank <= 0) return toMicrosecond(valueOf(bucket));
  }
  return null;
}

export function countOf({ counts, low, high }: Histogram): number {
  let total = 0;
  for (let bucket = low; bucket < high; bucket += 1) total += counts[bucket] ?? 0;
  return total;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
