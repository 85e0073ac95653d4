/**
 * Secrets that passed through this process, so that nothing that leaves it (a log line, a crash report) can carry one.
 * Values live in memory only.
 */
export interface SecretRegistry {
  add(secret: string | null): void;
  redact(text: string): string;
}

/** Shorter values would blank out ordinary words. */
const SHORTEST = 6;

export function createSecretRegistry(): SecretRegistry {
  const known = new Set<string>();
  return {
    add(secret) {
      if (secret === null || secret.length < SHORTEST) return;
      known.add(secret);
      known.add(encodeURIComponent(secret));
      known.add(Buffer.from(secret).toString('base64'));
      // As it stands in a line of the log, which is JSON: a password may have quotes and backslashes.
      known.add(JSON.stringify(secret).slice(1, -1));
    },
    redact(text) {
      let clean = text;
      for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
      return clean;
    },
  };
}
