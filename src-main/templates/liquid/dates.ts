import type { Liquid } from 'liquidjs';
import { withEnvironment } from '../../ports';

const DATE_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];

const WRITTEN_OUT: Readonly<Partial<Record<string, string>>> = {
  // Their output would follow the system's language, whatever the engine is told: fixed to en-US.
  c: '%-m/%-d/%Y, %-I:%M:%S %p',
  x: '%-m/%-d/%Y',
  X: '%-I:%M:%S %p',
  // Conversions that Liquid has and the engine lacks.
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
};
/** The conversions that the engine supports. It leaves others in the text, where nobody notices. */
const KNOWN = /[aAbBCdehHIjklLmMnNpPqsStuUwWyYzZ]/;
/** As the engine reads one. */
const CONVERSION = /%[-_0^#:]*\d*[EO]?(.)/g;

/**
 * Ties the date filters to UTC and English on every machine, so that the same template and variables give the same
 * prompt and hash. The engine's own offset is not enough: it reads and writes dates without a zone by the process's
 * clock, an hour off around changes to daylight saving time.
 */
export function keepDatesInUtc(engine: Liquid): void {
  for (const name of DATE_FILTERS) {
    const filter = engine.filters[name];
    const handler = typeof filter === 'function' ? filter : filter?.handler;
    if (handler === undefined) throw new Error(`The template engine has no filter "${name}".`);
    engine.registerFilter(name, function (value: unknown, ...options: unknown[]): unknown {
      const [format, ...rest] = options;
      const given = typeof format === 'string' ? [expanded(format), ...rest] : options;
      return inUtc(() => handler.call(this, value, ...given));
    });
  }
}

/** @throws Error for an unknown conversion */
function expanded(format: string): string {
  return format.replaceAll(CONVERSION, (all, letter: string) => {
    const longer = WRITTEN_OUT[letter];
    if (longer !== undefined) return longer;
    if (/[a-z]/i.test(letter) && !KNOWN.test(letter))
      throw new Error(`${all} in the date format stands for nothing; write %% for a percent sign`);
    return all;
  });
}

/**
 * There is no other way: the engine uses JavaScript dates (liquidjs, `util/liquid-date.ts`), which know only UTC and
 * the process's zone, and that is this variable (Node, `TZ`).
 */
function inUtc(work: () => unknown): unknown {
  return process.env['TZ'] === 'UTC' ? work() : withEnvironment({ TZ: 'UTC' }, work);
}
