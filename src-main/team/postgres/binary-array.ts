/** Element types, by their object ids in `pg_type`. */
const OID = { bool: 16, bytea: 17, bigint: 20, text: 25, 'double precision': 701 } as const;
export type ColumnType = keyof typeof OID;

export type ColumnValue = string | number | bigint | boolean | Uint8Array | null;

/**
 * Encodes one column of many rows as a binary Postgres array (`array_send` in the server's arrayfuncs.c). The text
 * format would need escaping here and parsing there, and would double the size of bytes by writing them as hex.
 */
export function binaryArray(type: ColumnType, values: readonly ColumnValue[]): Buffer {
  let size = 20;
  let nulls = 0;
  for (const value of values) {
    size += 4;
    if (value === null) nulls = 1;
    else size += sizeOf(type, value);
  }
  const out = Buffer.allocUnsafe(size);
  // dimensions, null flag, type, length, lower bound
  let at = out.writeInt32BE(1, 0);
  at = out.writeInt32BE(nulls, at);
  at = out.writeInt32BE(OID[type], at);
  at = out.writeInt32BE(values.length, at);
  at = out.writeInt32BE(1, at);
  for (const value of values) {
    if (value === null) {
      at = out.writeInt32BE(-1, at);
      continue;
    }
    const end = write(out, at + 4, type, value);
    out.writeInt32BE(end - at - 4, at);
    at = end;
  }
  return out;
}

type Cell = Exclude<ColumnValue, null>;

function sizeOf(type: ColumnType, value: Cell): number {
  if (type === 'bool') return 1;
  if (type === 'text') return Buffer.byteLength(String(value));
  return type === 'bytea' ? bytesOf(value).length : 8;
}

/** @returns the offset after this cell */
function write(out: Buffer, at: number, type: ColumnType, value: Cell): number {
  switch (type) {
    case 'text':
      return at + out.write(String(value), at, 'utf8');
    case 'bytea':
      out.set(bytesOf(value), at);
      return at + bytesOf(value).length;
    case 'bool':
      return out.writeUInt8(value ? 1 : 0, at);
    case 'bigint':
      if (value instanceof Uint8Array) throw new TypeError('bigint takes a number.');
      return out.writeBigInt64BE(BigInt(value), at);
    case 'double precision':
      return out.writeDoubleBE(Number(value), at);
  }
}

function bytesOf(value: Cell): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError('bytea takes bytes.');
}
