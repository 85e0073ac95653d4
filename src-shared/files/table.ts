import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { read, refused, type Reading } from './reading';

export interface TableRow {
  /** Where the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

const DELIMITERS = ['\t', ';', ','] as const;
type Delimiter = (typeof DELIMITERS)[number];

/**
 * The rows of a table with tabs, semicolons or commas (RFC 4180): quoted cells may hold delimiters, line breaks and doubled
 * quotes. Both LF and CRLF end a row, also within one file.
 */
export function readCells(text: string): Reading<TableRow[]> {
  const delimiter = delimiterOf(text);
  try {
    const { records, loneReturnIn } = parseRecords(text, delimiter);
    let line = 1;
    const rows = records.map((cells) => {
      const row = { line, cells };
      line += cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 1);
      return row;
    });
    return loneReturnIn === null ? read(rows) : refused(LONE_RETURN, rows[loneReturnIn]?.line ?? null);
  } catch (error) {
    if (error instanceof CsvError) return refused(problemOf(error), lineOf(text, delimiter));
    throw error;
  }
}

const LONE_RETURN = 'there is a lone carriage return. Save the file with LF or CRLF line endings.';

interface Records {
  readonly records: string[][];
  /** The first record with a carriage return outside quotes that ends no row. */
  readonly loneReturnIn: number | null;
}

function parseRecords(text: string, delimiter: Delimiter): Records {
  let loneReturnIn: number | null = null;
  const records = parse(text, {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    cast: (value, context) => {
      if (!context.quoting && value.includes('\r')) loneReturnIn ??= context.records;
      return value;
    },
  });
  return { records, loneReturnIn };
}

/** Where the parser stops. It counts a CRLF inside quotes as two lines, so it is asked about a text without any. */
function lineOf(text: string, delimiter: Delimiter): number | null {
  try {
    parseRecords(text.replaceAll('\r\n', '\n'), delimiter);
    return null;
  } catch (error) {
    return error instanceof CsvError && typeof error['lines'] === 'number' ? error['lines'] : null;
  }
}

function problemOf({ code, message }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened but never closed.';
  if (code === 'INVALID_OPENING_QUOTE')
    return 'there is a quote inside a cell: put the whole cell in quotes and double the quotes inside.';
  if (code === 'CSV_INVALID_CLOSING_QUOTE')
    return 'there is text after the quote that closes a cell: double the quotes inside the cell.';
  return message;
}

/** Whichever separates most in the first row, outside quotes; a spreadsheet's clipboard uses tabs. */
function delimiterOf(text: string): Delimiter {
  // The first row may be longer than its line.
  const [row = ''] = text.replaceAll(/"[^"]*"/g, '').split('\n', 1);
  const count = (delimiter: Delimiter): number => row.split(delimiter).length - 1;
  if (count('\t') > 0) return '\t';
  return count(';') > count(',') ? ';' : ',';
}
