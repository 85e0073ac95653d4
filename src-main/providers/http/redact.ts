import type { EchoGuard } from '../../ports';
import { decodeContent, headerValue } from './content';

const REDACTED = '[redacted]';
/** Redacting a shorter text would mangle messages by accident; no provider issues such keys. */
const MIN_SECRET_LENGTH = 4;

/** The forms in which a secret may be echoed: verbatim, URL-encoded, JSON-escaped, and base64 (Basic auth). */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret, 'utf8').toString('base64');
  const forms = new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret, 'utf8').toString('base64url'),
  ]);
  // Longest first, so that a form contained in another leaves no remainder.
  return [...forms].toSorted((a, b) => b.length - a.length);
}

/** Replaces a call's secret with `[redacted]`. */
export type Redact = (text: string) => string;

export function createRedactor(secret: string | null): Redact {
  if (secret === null || secret.length < MIN_SECRET_LENGTH) return (text) => text;
  let forms: string[] | undefined;
  return (text) => {
    forms ??= formsOf(secret);
    let clean = text;
    for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    return clean;
  };
}

/** No provider's key is shorter; overwriting a short word would falsify answers that merely contain it. */
const MIN_KEY_LENGTH = 12;

export function createEchoGuard(secret: string | null): EchoGuard {
  const forms = secret === null || secret.length < MIN_KEY_LENGTH ? [] : formsOf(secret);
  const needles = forms.map((form) => Buffer.from(form));

  const redact: EchoGuard['redact'] = (bytes) => {
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let clean: Buffer | null = null;
    for (const needle of needles) {
      for (let at = source.indexOf(needle); at >= 0; at = source.indexOf(needle, at + needle.byteLength)) {
        clean ??= Buffer.from(source);
        clean.fill('*', at, at + needle.byteLength);
      }
    }
    return clean === null ? { bytes, redacted: false } : { bytes: clean, redacted: true };
  };

  return {
    longest: Math.max(0, ...needles.map((needle) => needle.byteLength)),
    redact,
    redactAnswer(answer) {
      const encoding = headerValue(answer.headers, 'content-encoding');
      const decoded = encoding === null ? null : decodeContent(answer.bytes, answer.headers);
      // Uncompressed, or not compressed as declared: search the bytes as they are.
      if (decoded === null || !decoded.ok || decoded.bytes === answer.bytes) {
        return { headers: answer.headers, ...redact(answer.bytes) };
      }
      const { bytes, redacted } = redact(decoded.bytes);
      if (!redacted) return { headers: answer.headers, bytes: answer.bytes, redacted };
      const headers = answer.headers.filter(([name]) => !ENCODING_HEADERS.has(name.toLowerCase()));
      return { headers: [...headers, ['x-prompter-decoded', encoding ?? '']], bytes, redacted };
    },
  };
}

/** Headers that no longer apply once a body is decoded. */
const ENCODING_HEADERS: ReadonlySet<string> = new Set(['content-encoding', 'content-length']);
