/**
 * Secrets that passed through this process, to keep them out of anything that leaves it (a log line, a crash report).
 * Values stay in memory.
 */
export interface SecretRegistry {
  add(secret: string | null): void;
  redact(text: string): string;
}

/** Redacting shorter values would blank out ordinary words. */
const MIN_LENGTH = 6;

export function createSecretRegistry(): SecretRegistry {
  const known = new Set<string>();
  return {
    add(secret) {
      if (secret === null || secret.length < MIN_LENGTH) return;
      known.add(secret);
      known.add(encodeURIComponent(secret));
      known.add(Buffer.from(secret).toString('base64'));
      // As it appears inside JSON log lines: a password may contain quotes and backslashes.
      known.add(JSON.stringify(secret).slice(1, -1));
    },
    redact(text) {
      let clean = text;
      for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
      return clean;
    },
  };
}
