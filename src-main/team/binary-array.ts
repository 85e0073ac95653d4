/** Types of array elements, by their object ids in `pg_type`. */
const OID = { bool: 16, bytea: 17, bigint: 20, text: 25, 'double precision': 701 } as const;
export type ColumnType = keyof typeof OID;

export type ColumnValue = string | number | bigint | boolean | Uint8Array | null;

/**
 * One column of many rows as a Postgres array in its binary form (`array_send` in the server's arrayfuncs.c). The text
 * form would have to be escaped here and parsed there, and bytes written as hex: twice their size.
 */
export function binaryArray(type: ColumnType, values: readonly ColumnValue[]): Buffer {
  const cells = values.map((value) => (value === null ? null : encode(type, value)));
  const size = cells.reduce((sum, cell) => sum + 4 + (cell?.length ?? 0), 20);
  const out = Buffer.allocUnsafe(size);
  // dimensions, whether there are nulls, type, length, first index
  let at = out.writeInt32BE(1, 0);
  at = out.writeInt32BE(cells.includes(null) ? 1 : 0, at);
  at = out.writeInt32BE(OID[type], at);
  at = out.writeInt32BE(values.length, at);
  at = out.writeInt32BE(1, at);
  for (const cell of cells) {
    at = out.writeInt32BE(cell === null ? -1 : cell.length, at);
    if (cell === null) continue;
    out.set(cell, at);
    at += cell.length;
  }
  return out;
}

function encode(type: ColumnType, value: Exclude<ColumnValue, null>): Uint8Array {
  switch (type) {
    case 'text':
      return Buffer.from(String(value), 'utf8');
    case 'bytea':
      if (!(value instanceof Uint8Array)) throw new TypeError('bytea takes bytes.');
      return value;
    case 'bool':
      return Buffer.from([value ? 1 : 0]);
    case 'bigint': {
      if (value instanceof Uint8Array) throw new TypeError('bigint takes a number.');
      const cell = Buffer.allocUnsafe(8);
      cell.writeBigInt64BE(BigInt(value));
      return cell;
    }
    case 'double precision': {
      const cell = Buffer.allocUnsafe(8);
      cell.writeDoubleBE(Number(value));
      return cell;
    }
  }
}
