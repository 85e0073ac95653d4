import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

/**
 * How a command makes sure, before it sends its key, that what answers at the published URL is the owner of the store
 * and not a program that got the port later: only the owner can answer the challenge, which has to be another each time
 * and names the URL, so that an answer that was asked for elsewhere is worth nothing.
 */
export const challengeSchema = z.strictObject({ nonce: z.string().regex(/^[\w-]{43}$/) });
export type Challenge = z.infer<typeof challengeSchema>;

export const proofSchema = z.strictObject({
  version: z.string(),
  /** Of each environment variable that decides something, a keyed digest of what the owner goes by. */
  settings: z.record(z.string(), z.string()),
  proof: z.string(),
});
export type Proof = z.infer<typeof proofSchema>;

export function newChallenge(): Challenge {
  return { nonce: randomBytes(32).toString('base64url') };
}

export interface Claims {
  readonly url: string;
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
}

export function prove(key: string, { nonce }: Challenge, { url, version, settings }: Claims): Proof {
  const digests = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, settingDigest(key, name, value)]),
  );
  return { version, settings: digests, proof: sealOf(key, { nonce, url, version, settings: digests }) };
}

export function isProven(key: string, { nonce }: Challenge, url: string, answer: Proof): boolean {
  const { version, settings, proof } = answer;
  const expected = Buffer.from(sealOf(key, { nonce, url, version, settings }));
  const given = Buffer.from(proof);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Keyed, because one of the settings is a URL with a password. */
export function settingDigest(key: string, name: string, value: string): string {
  return hmac(key, ['prompter setting', name, value]);
}

function sealOf(key: string, { nonce, url, version, settings }: Claims & Challenge): string {
  const names = Object.keys(settings).toSorted();
  return hmac(key, [
    'prompter owner',
    url,
    nonce,
    version,
    ...names.flatMap((name) => [name, settings[name]]),
  ]);
}

function hmac(key: string, parts: readonly unknown[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
}
