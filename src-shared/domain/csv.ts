export type CsvValue = string | number | null;

/** One record of a CSV file (RFC 4180), including its line end; unknown values are empty. */
export function csvRecord(fields: readonly CsvValue[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

/** A spreadsheet would run a text that begins like this as a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

function field(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]|^'|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
