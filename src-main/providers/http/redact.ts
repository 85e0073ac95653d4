const REDACTED = '[redacted]';
/** Shorter texts would redact half a message by accident; no provider issues such keys. */
const SHORTEST_SECRET = 4;

/** The forms in which a secret may come back: as it is, URL-encoded, and in base64 (Basic auth). */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret, 'utf8').toString('base64');
  const forms = new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret, 'utf8').toString('base64url'),
  ]);
  // Longest first, so that a form inside another one leaves no rest behind.
  return [...forms].toSorted((a, b) => b.length - a.length);
}

/** Replaces a call's secret by `[redacted]`. */
export type Redact = (text: string) => string;

export function createRedactor(secret: string | null): Redact {
  if (secret === null || secret.length < SHORTEST_SECRET) return (text) => text;
  let forms: string[] | undefined;
  return (text) => {
    forms ??= formsOf(secret);
    let clean = text;
    for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    return clean;
  };
}

/** Whether bytes that are about to be stored hold the secret in any of its forms. */
export function containsSecret(bytes: Uint8Array, secret: string | null): boolean {
  if (secret === null || secret.length < SHORTEST_SECRET) return false;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return formsOf(secret).some((form) => buffer.includes(form, 0, 'utf8'));
}
