import { CanonicalError } from './canonical-error';

/** RFC 8259, section 6. What follows a group cannot be part of it, so a failed match costs linear time too. */
const LEXEME = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

const FRACTION_DIGITS = 6;
/** 1e309 is the first refused magnitude: 309 integer digits are the most a canonical number has. */
const MAX_INTEGER_DIGITS = 309;

/**
 * The canonical form of a JSON number (docs/canonical.md#numbers), in exact decimal arithmetic on its lexeme.
 * `offset` is where the lexeme starts in the text it was taken from, for the error alone.
 */
export function canonicalNumber(lexeme: string, offset?: number): string {
  const match = LEXEME.exec(lexeme);
  if (!match) throw new CanonicalError('INVALID_JSON', 'Not a JSON number', offset);
  const [, sign = '', integer = '', fraction = '', exponent] = match;
  // Nothing to round or to move: true of almost every number there is.
  if (exponent === undefined && fraction.length <= FRACTION_DIGITS && integer.length <= MAX_INTEGER_DIGITS) {
    return writeDecimal(sign, integer, fraction);
  }

  const allDigits = integer + fraction;
  const firstSignificant = allDigits.search(/[1-9]/);
  if (firstSignificant < 0) return '0';

  // The value is 0.d1d2d3… × 10^point with d1 ≠ 0. An exponent beyond double precision, even an infinite one,
  // is beyond the two limits below as well, so that a double suffices here.
  const point = integer.length - firstSignificant + Number(exponent ?? 0);
  if (point > MAX_INTEGER_DIGITS) throw outOfRange(offset);
  // Below 1e-7, hence below half of the last digit kept.
  if (point < -FRACTION_DIGITS) return '0';

  const kept = point + FRACTION_DIGITS;
  const digits = allDigits.slice(firstSignificant, firstSignificant + kept).padEnd(kept, '0');
  const roundsUp = allDigits.charAt(firstSignificant + kept) >= '5';
  return writeUnits(sign, BigInt(digits) + (roundsUp ? 1n : 0n), offset);
}

/** The canonical form of a JavaScript number: its lexeme is the shortest round-trip decimal. */
export function canonicalNumberOf(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isNaN(value)) throw new CanonicalError('INVALID_JSON', 'NaN is not a JSON number');
  if (!Number.isFinite(value)) throw outOfRange(undefined);
  return canonicalNumber(String(value));
}

/** Writes a magnitude given in units of 1e-6. */
function writeUnits(sign: string, units: bigint, offset: number | undefined): string {
  const text = units.toString().padStart(FRACTION_DIGITS + 1, '0');
  const integer = text.slice(0, -FRACTION_DIGITS);
  // Rounding can carry into 1e309, a form that would itself be refused.
  if (integer.length > MAX_INTEGER_DIGITS) throw outOfRange(offset);
  return writeDecimal(sign, integer, text.slice(-FRACTION_DIGITS));
}

/** Without trailing zeros, without a point that nothing follows, without a negative zero. */
function writeDecimal(sign: string, integer: string, fraction: string): string {
  const digits = fraction.replace(/0+$/, '');
  if (digits !== '') return `${sign}${integer}.${digits}`;
  return integer === '0' ? '0' : sign + integer;
}

function outOfRange(offset: number | undefined): CanonicalError {
  return new CanonicalError('NUMBER_OUT_OF_RANGE', 'A number of 1e309 or more in magnitude', offset);
}
