// The part of the Web platform that is used here. Browsers and Node have it; this code is typed for neither.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const crypto: {
  readonly subtle: { digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer> };
};

/** SHA-256 over UTF-8, in lower-case hex. A lone surrogate is encoded as U+FFFD. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
