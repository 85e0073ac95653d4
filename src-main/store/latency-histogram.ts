/**
 * Latencies in logarithmic buckets 2 % wide: a quantile read from them is within 1 % of the exact nearest rank.
 * Encoded as pairs of varints (bucket, count) in any order, so that encodings joined end to end are their sum. No
 * encoding holds a zero byte.
 */
export type Histogram = Float64Array;

const LOG_WIDTH = Math.log(1.02);
/** Nothing answers faster; its bucket is 1. */
const LEAST_MS = 0.01;
const OFFSET = 1 - Math.floor(Math.log(LEAST_MS) / LOG_WIDTH);
/** Up to eleven days, for what is at most hours. */
const BUCKETS = 1280;

export function emptyHistogram(): Histogram {
  return new Float64Array(BUCKETS);
}

export function bucketOf(milliseconds: number): number {
  const bucket = Math.floor(Math.log(Math.max(milliseconds, LEAST_MS)) / LOG_WIDTH) + OFFSET;
  return Math.min(bucket, BUCKETS - 1);
}

/** The geometric middle of a bucket: at most 1 % from either end. */
function valueOf(bucket: number): number {
  return Math.exp((bucket - OFFSET + 0.5) * LOG_WIDTH);
}

export function addLatency(histogram: Histogram, milliseconds: number, count: number): void {
  addTo(histogram, bucketOf(milliseconds), count);
}

export function encodeHistogram(histogram: Histogram): Uint8Array {
  const bytes: number[] = [];
  histogram.forEach((count, bucket) => {
    if (count === 0) return;
    pushVarint(bytes, bucket);
    pushVarint(bytes, count);
  });
  return Uint8Array.from(bytes);
}

/** Adds an encoding, or several joined ones, to a histogram. */
export function addEncoded(histogram: Histogram, bytes: Uint8Array): void {
  let bucket = -1;
  let value = 0;
  let unit = 1;
  // One flat loop: a chart of a busy month reads a million pairs.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte >= 0x80) {
      unit *= 0x80;
      continue;
    }
    if (bucket < 0) bucket = value;
    else {
      addTo(histogram, bucket, value);
      bucket = -1;
    }
    value = 0;
    unit = 1;
  }
}

/** The nearest-rank quantile in milliseconds, within 1 %; null of nothing. */
export function quantileOf(histogram: Histogram, quantile: number): number | null {
  let rank = Math.max(1, Math.ceil(quantile * countOf(histogram)));
  for (const [bucket, count] of histogram.entries()) {
    rank -= count;
    if (rank <= 0) return valueOf(bucket);
  }
  return null;
}

export function countOf(histogram: Histogram): number {
  let total = 0;
  for (const count of histogram) total += count;
  return total;
}

function addTo(histogram: Histogram, bucket: number, count: number): void {
  histogram[bucket] = (histogram[bucket] ?? 0) + count;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
