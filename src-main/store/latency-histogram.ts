/**
 * Latencies in logarithmic buckets 2 % wide: a quantile read from them is within 1 % of the exact nearest rank.
 * Encoded as pairs of varints (bucket, count) in any order, so that encodings joined end to end are their sum.
 */
export type Histogram = Map<number, number>;

const LOG_WIDTH = Math.log(1.02);
/** Nothing answers faster; keeps every bucket's number above 0, so that an encoding holds no zero byte. */
const LEAST_MS = 0.01;
const OFFSET = 1 - Math.floor(Math.log(LEAST_MS) / LOG_WIDTH);

export function bucketOf(milliseconds: number): number {
  return Math.floor(Math.log(Math.max(milliseconds, LEAST_MS)) / LOG_WIDTH) + OFFSET;
}

/** The geometric middle of a bucket: at most 1 % from either end. */
function valueOf(bucket: number): number {
  return Math.exp((bucket - OFFSET + 0.5) * LOG_WIDTH);
}

/** Adds a count to a bucket; a bucket that comes down to 0 is gone. */
export function addToBucket(histogram: Histogram, bucket: number, count: number): void {
  const sum = (histogram.get(bucket) ?? 0) + count;
  if (sum === 0) histogram.delete(bucket);
  else histogram.set(bucket, sum);
}

export function encodeHistogram(histogram: Histogram): Uint8Array {
  const bytes: number[] = [];
  for (const [bucket, count] of histogram) {
    pushVarint(bytes, bucket);
    pushVarint(bytes, count);
  }
  return Uint8Array.from(bytes);
}

/** Adds an encoding, or several joined ones, to a histogram. */
export function addEncoded(histogram: Histogram, bytes: Uint8Array): void {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  };
  while (at < bytes.length) {
    const bucket = varint();
    addToBucket(histogram, bucket, varint());
  }
}

/** The nearest-rank quantile in milliseconds, within 1 %; null of nothing. */
export function quantileOf(histogram: Histogram, quantile: number): number | null {
  const total = countOf(histogram);
  let rank = Math.max(1, Math.ceil(quantile * total));
  for (const [bucket, count] of [...histogram].toSorted(([a], [b]) => a - b)) {
    rank -= count;
    if (rank <= 0) return valueOf(bucket);
  }
  return null;
}

export function countOf(histogram: Histogram): number {
  let total = 0;
  for (const count of histogram.values()) total += count;
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
