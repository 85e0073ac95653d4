import type { Liquid } from 'liquidjs';

const DATE_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];

/** What these write depends on the system's language alone, whatever the engine is told: written out as in en-US. */
const LOCAL_FORMATS: Readonly<Record<string, string>> = {
  c: '%-m/%-d/%Y, %-I:%M:%S %p',
  x: '%-m/%-d/%Y',
  X: '%-I:%M:%S %p',
};

/**
 * Holds the date filters to UTC and English on every machine, so that the same template and variables give the same
 * prompt and hash. The engine's own offset is not enough: it reads a date without a zone by the process's clock, and writes
 * one by it, too, an hour off around changes to summer time.
 */
export function keepDatesInUtc(engine: Liquid): void {
  for (const name of DATE_FILTERS) {
    const filter = engine.filters[name];
    const handler = typeof filter === 'function' ? filter : filter?.handler;
    if (handler === undefined) throw new Error(`The template engine has no filter "${name}".`);
    engine.registerFilter(name, function (value: unknown, ...options: unknown[]): unknown {
      const [format, ...rest] = options;
      const given = typeof format === 'string' ? [withoutLocalFormats(format), ...rest] : options;
      return inUtc(() => handler.call(this, value, ...given));
    });
  }
}

function withoutLocalFormats(format: string): string {
  return format.replaceAll(/%%|%[-_0^#:]*\d*([cxX])/g, (all, letter?: string) =>
    letter === undefined ? all : (LOCAL_FORMATS[letter] ?? all),
  );
}

/** The engine has no other way: dates of JavaScript know UTC and the process's zone, which is this variable (Node, TZ). */
function inUtc<T>(work: () => T): T {
  const zone = process.env['TZ'];
  if (zone === 'UTC') return work();
  process.env['TZ'] = 'UTC';
  try {
    return work();
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
}
