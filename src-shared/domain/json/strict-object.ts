import * as z from 'zod';

/**
 * An object that takes no other keys than its own: one that is misspelt is an error that names it, and says which was
 * probably meant. All that comes in is read by one of these, so that nothing asked for is silently left out.
 */
export function strictObject<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const known = knownKeys(issue.inst);
      // One line for each key, in their order: `fieldProblemsOf` gives each its own.
      return issue.keys.map((key) => `is not a known field${suggestion(key, known)}`).join('\n');
    },
  });
}

/** Of the object as it is now: it may have been extended since its error was set. */
function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** `: did you mean "status"?`, or nothing where no name is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known);
  return nearest === null ? '' : `: did you mean "${nearest}"?`;
}

/** The name that somebody probably meant; null where none is near. Longer names may be further off. */
export function nearestOf(name: string, known: readonly string[]): string | null {
  const wanted = plain(name);
  // A name of a hostile length would cost time, and is no slip of a finger.
  if (wanted === '' || wanted.length > 64) return null;
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const [best] = known
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, plain(candidate)) }))
    .filter(({ distance }) => distance <= allowed)
    .toSorted((a, b) => a.distance - b.distance);
  return best?.candidate ?? known.find((candidate) => plain(candidate).startsWith(wanted)) ?? null;
}

/** `includeArchived` and `include-archived` are slips of the same name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Levenshtein's: how many letters have to be put in, taken out or replaced. */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 0; row < a.length; row += 1) {
    const line = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      line.push(
        Math.min(
          (line[column] ?? 0) + 1,
          (above[column + 1] ?? 0) + 1,
          (above[column] ?? 0) + (a[row] === b[column] ? 0 : 1),
        ),
      );
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
