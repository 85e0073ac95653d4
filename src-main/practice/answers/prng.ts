/** A small deterministic random source (sfc32): the same seed gives the same answer on every machine. */
export interface Random {
  /** A whole number in [0, below). */
  int(below: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** Lower-case hex digits. */
  hex(length: number): string;
}

/** FNV-1a over UTF-16 code units: hashes a short text to 32 bits. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Seeded with a hex digest of at least 32 digits (the body's hash) and a salt (path and model). */
export function randomFrom(hexDigest: string, salt: string): Random {
  const word = (at: number) => Number.parseInt(hexDigest.slice(at, at + 8), 16) | 0;
  let a = word(0) ^ fnv1a(salt);
  let b = word(8);
  let c = word(16);
  let counter = word(24) | 1;

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  // The first outputs still resemble the seed.
  for (let round = 0; round < 8; round += 1) next();

  const int = (below: number): number => Math.floor((next() / 0x1_0000_0000) * below);
  return {
    int,
    pick: (list) => list[int(list.length)] ?? list[0],
    hex: (length) => {
      let text = '';
      while (text.length < length) text += next().toString(16).padStart(8, '0');
      return text.slice(0, length);
    },
  };
}
