/** Words of ours as a list of SQL texts: written out, so that partial indexes on them are used. Never a user's text. */
export const quoted = (words: Iterable<string>): string => [...words].map((word) => `'${word}'`).join(', ');
